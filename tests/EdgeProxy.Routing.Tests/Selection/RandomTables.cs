using System.Globalization;
using Row = EdgeProxy.Routing.Tests.TableMaker.Row;

namespace EdgeProxy.Routing.Tests;

/// <summary>Random rows and clients in a small world, so that ties, full backends and shared endpoints are common.</summary>
internal sealed class RandomTables(int seed)
{
    private static readonly string[] s_regions = ["sa", "us", "eu", "ap", "moon"];
    private static readonly string[] s_countries = ["", "BR", "AR", "US", "CA", "DE", "FR", "JP", "ZA"];
    private static readonly string[] s_clientCountries = ["BR", "CL", "US", "DE", "FR", "JP", "ZA", "NG"];

    public Random Random { get; } = new(seed);

    public Row NextRow(int number, int apps, int endpoints) => new(string.Create(CultureInfo.InvariantCulture, $"b{number}"))
    {
        App = $"app{Random.Next(apps)}",
        Region = s_regions[Random.Next(s_regions.Length)],
        Country = s_countries[Random.Next(s_countries.Length)],
        Ip = $"10.0.{Random.Next(endpoints) / 200}.{1 + Random.Next(Math.Min(endpoints, 200))}",
        Port = 80 + Random.Next(2),
        Healthy = Random.Next(10) > 0,
        Weight = Random.Next(5),
        Soft = Random.Next(6),
        Hard = Random.Next(3) == 0 ? 0 : Random.Next(1, 6),
    };

    /// <summary>Publishes rows of a few apps and overrides that place clients: 1.n.0.0/16 is the n-th place.</summary>
    public static RoutingTable Publish(TableMaker maker, IEnumerable<Row> rows, int apps)
    {
        RoutingTableBuilder builder = maker.NewBuilder();
        for (int i = 0; i < s_clientCountries.Length; i++) { builder.AddOverride($"1.{i}.0.0/16", s_clientCountries[i], null); }
        for (int i = 0; i < apps; i++) { builder.AddApp(new AppRow { Name = $"app{i}", Listen = $"127.0.0.1:{9000 + i}" }); }
        foreach (Row row in rows) { row.AddTo(builder); }
        return maker.Publish(builder);
    }

    /// <summary>A client address with its country and region; both empty for one nobody knows.</summary>
    public (IpAddress Address, string Country, string Region) NextClient()
    {
        int place = Random.Next(s_clientCountries.Length + 1);
        IpAddress address = IpAddress.FromV4((1u << 24) | ((uint)place << 16) | (uint)Random.Next(1 << 16));
        if (place == s_clientCountries.Length) { return (address, "", ""); }
        Assert.True(Country.TryParse(s_clientCountries[place].AsSpan(), out Country country));
        return (address, s_clientCountries[place], DefaultRegions.RegionOf(country));
    }
}
