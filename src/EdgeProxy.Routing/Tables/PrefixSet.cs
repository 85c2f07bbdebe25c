namespace EdgeProxy.Routing;

/// <summary>An immutable set of CIDR blocks, searched in O(log n).</summary>
public sealed class PrefixSet
{
    private readonly IpAddress[] _firsts;
    private readonly IpAddress[] _lasts;

    private PrefixSet(IpAddress[] firsts, IpAddress[] lasts)
    {
        _firsts = firsts;
        _lasts = lasts;
    }

    public static PrefixSet Empty { get; } = new([], []);

    public int Count => _firsts.Length;

    /// <summary>Builds the set; overlapping and nested blocks are merged.</summary>
    public static PrefixSet From(IEnumerable<IpPrefix> prefixes)
    {
        List<IpAddress> firsts = [];
        List<IpAddress> lasts = [];
        IpPrefix[] sorted = [.. prefixes];
        Array.Sort(sorted, IpPrefix.CompareOuterFirst);
        foreach (IpPrefix prefix in sorted)
        {
            if (lasts.Count > 0 && prefix.Address <= lasts[^1])
            {
                if (prefix.Last > lasts[^1]) { lasts[^1] = prefix.Last; }
                continue;
            }

            firsts.Add(prefix.Address);
            lasts.Add(prefix.Last);
        }

        return new PrefixSet([.. firsts], [.. lasts]);
    }

    public bool Contains(in IpAddress address)
    {
        int index = Array.BinarySearch(_firsts, address);
        if (index >= 0) { return true; }
        index = ~index - 1;
        return index >= 0 && address <= _lasts[index];
    }
}
