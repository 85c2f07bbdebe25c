namespace EdgeProxy.Routing;

/// <summary>
/// The operator's word on where addresses are: CIDR blocks with a country, a region or both, the longest block wins.
/// Nested blocks are flattened to disjoint ranges when built, so a look-up is one binary search.
/// </summary>
internal sealed class PlaceOverrides
{
    private const int NoPlace = -1;

    private readonly IpAddress[] _starts;
    private readonly int[] _placeByStart;
    private readonly ClientPlace[] _places;
    private readonly Dictionary<IpPrefix, ClientPlace> _blocks;

    private PlaceOverrides(
        IpAddress[] starts, int[] placeByStart, ClientPlace[] places, Dictionary<IpPrefix, ClientPlace> blocks)
    {
        _starts = starts;
        _placeByStart = placeByStart;
        _places = places;
        _blocks = blocks;
    }

    /// <summary>Builds the set, which keeps the dictionary.</summary>
    public static PlaceOverrides From(Dictionary<IpPrefix, ClientPlace> blocks)
    {
        // Outer blocks come before those inside them; a stack holds the blocks that are open at the current address.
        IpPrefix[] sorted = [.. blocks.Keys];
        Array.Sort(sorted, IpPrefix.CompareOuterFirst);
        List<IpAddress> starts = [];
        List<int> placeByStart = [];
        Stack<int> open = [];
        for (int i = 0; i < sorted.Length; i++)
        {
            CloseBlocksBefore(sorted[i].Address, sorted, open, starts, placeByStart);
            AddStart(sorted[i].Address, i, starts, placeByStart);
            open.Push(i);
        }

        CloseBlocksBefore(null, sorted, open, starts, placeByStart);
        return new PlaceOverrides([.. starts], [.. placeByStart], Array.ConvertAll(sorted, b => blocks[b]), blocks);
    }

    /// <summary>The place of exactly this block.</summary>
    public bool TryGet(IpPrefix block, out ClientPlace place) => _blocks.TryGetValue(block, out place);

    public bool TryFind(in IpAddress address, out ClientPlace place)
    {
        place = default;
        if (_starts.Length == 0) { return false; }
        int at = Array.BinarySearch(_starts, address);
        if (at < 0) { at = ~at - 1; }
        int index = at < 0 ? NoPlace : _placeByStart[at];
        if (index == NoPlace) { return false; }
        place = _places[index];
        return true;
    }

    /// <summary>
    /// Ends every open block that lies before an address (all of them for none); what it lay in goes on.
    /// </summary>
    private static void CloseBlocksBefore(
        IpAddress? address, IpPrefix[] blocks, Stack<int> open, List<IpAddress> starts, List<int> placeByStart)
    {
        while (open.TryPeek(out int top) && (address is null || blocks[top].Last < address.Value))
        {
            open.Pop();
            IpAddress last = blocks[top].Last;
            if (last == new IpAddress(ulong.MaxValue, ulong.MaxValue)) { continue; }
            IpAddress next = last.Low == ulong.MaxValue
                ? new IpAddress(last.High + 1, 0)
                : new IpAddress(last.High, last.Low + 1);
            AddStart(next, open.TryPeek(out int outer) ? outer : NoPlace, starts, placeByStart);
        }
    }

    private static void AddStart(IpAddress start, int place, List<IpAddress> starts, List<int> placeByStart)
    {
        if (starts.Count > 0 && starts[^1] == start)
        {
            placeByStart[^1] = place;
            return;
        }

        starts.Add(start);
        placeByStart.Add(place);
    }
}
