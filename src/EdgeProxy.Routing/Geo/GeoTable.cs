namespace EdgeProxy.Routing;

/// <summary>
/// Which country an address is in: immutable sorted range starts, each with a country that holds up to the next start.
/// Addresses no client on the internet can have (private, loopback, link-local, CGNAT, ULA) have none.
/// </summary>
public sealed class GeoTable
{
    private readonly uint[] _v4Starts;
    private readonly byte[] _v4Countries;
    private readonly ulong[] _v6Starts;
    private readonly byte[] _v6Countries;

    internal GeoTable(
        string source, DateOnly builtAt, uint[] v4Starts, byte[] v4Countries, ulong[] v6Starts, byte[] v6Countries)
    {
        Invariant.Holds(v4Starts.Length == v4Countries.Length && v4Starts.Length > 0 && v4Starts[0] == 0);
        Invariant.Holds(v6Starts.Length == v6Countries.Length && v6Starts.Length > 0 && v6Starts[0] == 0);
        Source = source;
        BuiltAt = builtAt;
        _v4Starts = v4Starts;
        _v4Countries = v4Countries;
        _v6Starts = v6Starts;
        _v6Countries = v6Countries;
    }

    /// <summary>A table in which every address has no country.</summary>
    public static GeoTable Empty { get; } = new("empty", default, [0], [0], [0], [0]);

    /// <summary>What the table was made from, for people: a file's name and database type.</summary>
    public string Source { get; }

    /// <summary>The day the data was made, as its maker says.</summary>
    public DateOnly BuiltAt { get; }

    public int RangeCount => _v4Starts.Length + _v6Starts.Length;

    /// <summary>The address's country, or none. No allocation; any thread.</summary>
    public Country Find(in IpAddress address)
    {
        if (address.IsIPv4)
        {
            int v4 = Array.BinarySearch(_v4Starts, address.V4);
            return new Country(_v4Countries[v4 >= 0 ? v4 : ~v4 - 1]);
        }

        int v6 = Array.BinarySearch(_v6Starts, address.High);
        return new Country(_v6Countries[v6 >= 0 ? v6 : ~v6 - 1]);
    }
}
