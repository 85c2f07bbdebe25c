namespace EdgeProxy.Routing;

/// <summary>
/// Reads a MaxMind DB file (specification 2.0) that is already in memory and flattens it to a <see cref="GeoTable"/>.
/// Countries are found in the layouts of MaxMind Country, City and Enterprise and of DB-IP (country.iso_code), of
/// IPinfo (country or country_code as text) and in the flat one (country_code).
/// </summary>
public static class MmdbReader
{
    /// <summary>Ten times what the finest real file has once neighbours of one country are joined.</summary>
    private const int RangesMax = 8_000_000;

    /// <summary>Reads the whole file once, checking all of it that is used.</summary>
    /// <param name="file">All bytes of the file.</param>
    /// <param name="name">What messages call it: its path.</param>
    /// <exception cref="GeoFileException">The file is damaged or holds no countries; nothing else is
    /// thrown.</exception>
    public static GeoTable Read(byte[] file, string name)
    {
        MmdbFile mmdb = new(file, name);
        MmdbMetadata metadata = new(mmdb);
        MmdbCountries countries = new(new MmdbSection(mmdb, metadata.DataStart, metadata.DataEnd));
        MmdbTree tree = new(mmdb, metadata, countries);
        GeoTableBuilder table = new();

        WalkV4(mmdb, tree, table);
        if (metadata.AddressBits == 128) { WalkV6(mmdb, tree, table); }
        return countries.Any
            ? table.Build($"{name} ({metadata.DatabaseType})", metadata.BuiltAt)
            : throw mmdb.Unusable(
                $"a {metadata.DatabaseType} file has no countries in it", "Give a Country, City or Enterprise file.");
    }

    private static void WalkV4(MmdbFile mmdb, MmdbTree tree, GeoTableBuilder table) =>
        tree.Walk(tree.RootV4(), 32, (address, _, country) =>
        {
            CheckRoom(mmdb, table);
            table.AddV4((uint)address, country);
        });

    private static void WalkV6(MmdbFile mmdb, MmdbTree tree, GeoTableBuilder table)
    {
        // A /64 is one network (RFC 4291 §2.5.4). Where a file divides one, its largest part speaks for all of it.
        ulong divided = 0;
        int largest = 0;
        tree.Walk(0, 128, (address, prefixLength, country) =>
        {
            CheckRoom(mmdb, table);
            ulong network = (ulong)(address >> 64);
            if (prefixLength > 64)
            {
                if (network == divided && prefixLength >= largest) { return; }
                divided = network;
                largest = prefixLength;
            }

            table.AddV6(network, country);
        });
    }

    private static void CheckRoom(MmdbFile mmdb, GeoTableBuilder table)
    {
        if (table.RangeCount >= RangesMax)
        {
            throw mmdb.Unusable(
                $"the file changes country more than {RangesMax} times, which no country file does",
                "Give a Country, City or Enterprise file.");
        }
    }
}
