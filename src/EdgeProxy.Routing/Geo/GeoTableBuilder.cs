namespace EdgeProxy.Routing;

/// <summary>Collects ranges in ascending order and makes the flat arrays of a <see cref="GeoTable"/> of them.</summary>
internal sealed class GeoTableBuilder
{
    /// <summary>
    /// IPv4 that no client on the internet has, whatever a file says (RFC 6890): first and last address.
    /// The documentation blocks are left to the file: nobody is misled by an answer for them.
    /// </summary>
    private static readonly (uint First, uint Last)[] s_withoutCountry =
    [
        (0x0000_0000, 0x00FF_FFFF), // 0.0.0.0/8, this network
        (0x0A00_0000, 0x0AFF_FFFF), // 10.0.0.0/8, private
        (0x6440_0000, 0x647F_FFFF), // 100.64.0.0/10, shared by carriers
        (0x7F00_0000, 0x7FFF_FFFF), // 127.0.0.0/8, loopback
        (0xA9FE_0000, 0xA9FE_FFFF), // 169.254.0.0/16, link-local
        (0xAC10_0000, 0xAC1F_FFFF), // 172.16.0.0/12, private
        (0xC0A8_0000, 0xC0A8_FFFF), // 192.168.0.0/16, private
        (0xE000_0000, 0xFFFF_FFFF), // 224.0.0.0/3, multicast and reserved
    ];

    private readonly List<uint> _v4Starts = [0];
    private readonly List<byte> _v4Countries = [0];
    private readonly List<ulong> _v6Starts = [0];
    private readonly List<byte> _v6Countries = [0];

    /// <summary>Ranges so far.</summary>
    public int RangeCount => _v4Starts.Count + _v6Starts.Count;

    /// <summary>Says that from <paramref name="start"/> on the country is this one, until the next call.</summary>
    public void AddV4(uint start, Country country)
    {
        Invariant.Holds(start >= _v4Starts[^1]);
        Add(_v4Starts, _v4Countries, start, country.Index);
    }

    /// <summary>Says that from the /64 with these upper bits on the country is this one, until the next call.</summary>
    public void AddV6(ulong start, Country country)
    {
        // Only 2000::/3 is kept. What starts before may reach into it, what starts after cannot.
        if (start > GeoTable.V6Last) { return; }
        if (start < GeoTable.V6First) { start = 0; }
        Invariant.Holds(start >= _v6Starts[^1]);
        Add(_v6Starts, _v6Countries, start, country.Index);
    }

    public GeoTable Build(string source, DateOnly builtAt)
    {
        (List<uint> starts, List<byte> countries) = WithoutReserved();
        int[] firsts = new int[FlatRanges.V4Blocks + 1];
        uint[] ranges = new uint[starts.Count];
        int block = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            ranges[i] = FlatRanges.RangeV4(starts[i], countries[i]);
            while (block <= starts[i] >> 16) { firsts[block++] = i; }
        }

        while (block < firsts.Length) { firsts[block++] = ranges.Length; }
        return new GeoTable(source, builtAt, new FlatRanges(firsts, ranges, [.. _v6Starts], [.. _v6Countries]));
    }

    private static void Add<T>(List<T> starts, List<byte> countries, T start, byte country)
        where T : IEquatable<T>
    {
        if (starts[^1].Equals(start))
        {
            // The range before turned out to be empty.
            countries[^1] = country;
            if (countries.Count < 2 || countries[^2] != country) { return; }
            starts.RemoveAt(starts.Count - 1);
            countries.RemoveAt(countries.Count - 1);
        }
        else if (countries[^1] != country)
        {
            starts.Add(start);
            countries.Add(country);
        }
    }

    private (List<uint> Starts, List<byte> Countries) WithoutReserved()
    {
        List<uint> starts = new(_v4Starts.Count + s_withoutCountry.Length) { 0 };
        List<byte> countries = new(_v4Starts.Count + s_withoutCountry.Length) { 0 };
        int range = 0;
        foreach ((uint first, uint last) in s_withoutCountry)
        {
            while (range < _v4Starts.Count && _v4Starts[range] < first)
            {
                Add(starts, countries, _v4Starts[range], _v4Countries[range]);
                range++;
            }

            Add(starts, countries, first, Country.None.Index);
            while (range < _v4Starts.Count && _v4Starts[range] <= last) { range++; }
            if (last != uint.MaxValue) { Add(starts, countries, last + 1, _v4Countries[range - 1]); }
        }

        return (starts, countries);
    }
}
