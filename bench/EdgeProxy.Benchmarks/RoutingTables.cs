using System.Globalization;
using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy.Benchmarks;

/// <summary>Tables of one app with many backends, spread over regions and countries.</summary>
internal static class RoutingTables
{
    private static readonly (string Region, string[] Countries)[] s_places =
    [
        ("sa", ["BR", "AR", "CL", "CO"]), ("us", ["US", "CA", "MX"]), ("eu", ["DE", "FR", "GB", "NL", "PL", "ES"]),
        ("ap", ["JP", "IN", "SG", "AU"]),
    ];

    public static RoutingTable Build(
        int backends, RoutingTable? previous, AppIds appIds, BackendSlots slots, AffinityMode affinity, int hardLimit = 150)
    {
        RoutingDefaults defaults = new() { PopRegion = "sa", Policy = new AppPolicy { Affinity = affinity } };
        RoutingTableBuilder builder = new(previous, appIds, slots, defaults);
        Random random = new(1);
        for (int i = 0; i < backends; i++)
        {
            (string region, string[] countries) = s_places[random.Next(s_places.Length)];
            builder.AddBackend(new BackendRow
            {
                Id = Utf8($"backend-{i}"),
                App = "web"u8,
                Region = Utf8($"{region}"),
                Country = Utf8($"{countries[random.Next(countries.Length)]}"),
                WgIp = Utf8($"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}"),
                Port = 8080,
                Healthy = true,
                Weight = random.Next(1, 5),
                SoftLimit = 100,
                HardLimit = hardLimit,
            });
        }

        return builder.Build(out _) ?? throw new InvalidOperationException("The rows make no table.");
    }

    private static byte[] Utf8(FormattableString text) => Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}
