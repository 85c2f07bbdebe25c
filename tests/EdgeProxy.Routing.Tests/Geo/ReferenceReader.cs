using System.Net;
using MaxMind.Db;

namespace EdgeProxy.Routing.Tests;

/// <summary>MaxMind's own reader, asked for the same countries.</summary>
internal static class ReferenceReader
{
    private static readonly string[] s_noCountry =
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "224.0.0.0/3",
    ];

    private static readonly PrefixSet s_noCountrySet = PrefixSet.From(s_noCountry.Select(static text =>
    {
        Assert.True(IpPrefix.TryParse(text, out IpPrefix prefix));
        return prefix;
    }));

    /// <summary>Compares first, middle and last address of every network in the file; how many were compared.</summary>
    public static int Compare(byte[] file, string name)
    {
        GeoTable table = MmdbReader.Read(file, name);
        using Reader reference = new(new MemoryStream(file));
        int compared = 0;
        foreach (Reader.ReaderIteratorNode<Dictionary<string, object>> node in reference.FindAll<Dictionary<string, object>>())
        {
            IpAddress first = IpAddress.FromBytes(node.Start.GetAddressBytes());
            int bits = node.PrefixLength + (first.IsIPv4 && node.PrefixLength <= 32 ? 96 : 0);
            IpPrefix network = new(first, bits);
            string expected = CountryOf(node.Data);
            foreach (IpAddress address in (IpAddress[])[first, Middle(network), network.Last])
            {
                if (!IsComparable(address, bits)) { continue; }
                string found = table.Find(address).ToString();
                Assert.True(expected == found, $"{name} {network} at {address}: expected {expected}, found {found}");
                compared++;
            }
        }

        return compared;
    }

    public static string CountryOf(Dictionary<string, object> record)
    {
        string code = Code(record, "country");
        if (code.Length == 0) { code = Code(record, "country_code"); }
        return code.Length > 0 ? code : Code(record, "registered_country");
    }

    private static string Code(Dictionary<string, object> record, string key)
    {
        object? value = record.GetValueOrDefault(key);
        if (value is Dictionary<string, object> map) { value = map.GetValueOrDefault("iso_code"); }
        return value is string text && Country.TryParse(text.AsSpan(), out Country country) ? country.ToString() : "";
    }

    private static IpAddress Middle(IpPrefix network)
    {
        UInt128 first = new(network.Address.High, network.Address.Low);
        UInt128 last = new(network.Last.High, network.Last.Low);
        UInt128 middle = first + ((last - first) / 2);
        return new IpAddress((ulong)(middle >> 64), (ulong)middle);
    }

    /// <summary>Leaves out what this table answers otherwise on purpose; other tests cover it.</summary>
    private static bool IsComparable(IpAddress address, int bits)
    {
        if (address.IsIPv4) { return !s_noCountrySet.Contains(address); }
        return address.High >> 61 == 1 && address.High >> 48 != 0x2002 && address.High >> 32 != 0x20010000 && bits <= 64;
    }
}
