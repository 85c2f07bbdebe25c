using System.Globalization;
using System.Net;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Statements for routing.db.</summary>
internal static class Rows
{
    /// <summary>203.0.113.0/24 is in Brazil (sa), 198.51.100.0/24 in Germany (eu), 2001:db8:1::/48 in Japan (ap).</summary>
    public const string Places =
        "INSERT INTO overrides (prefix, country) VALUES ('203.0.113.0/24', 'BR'), ('198.51.100.0/24', 'DE'), ('2001:db8:1::/48', 'JP');";

    /// <summary>An address of nobody, placed by <see cref="Mark"/>.</summary>
    public const string MarkedAddress = "192.0.2.1";

    /// <summary>Makes the table it is in tell itself from others.</summary>
    public static string Mark(string region) =>
        $"INSERT OR REPLACE INTO overrides (prefix, region) VALUES ('{MarkedAddress}/32', '{region}');";

    public static string Backend(string id, string region, int port) => Backend(id, region, new IPEndPoint(IPAddress.Loopback, port));

    public static string Backend(string id, string region, IPEndPoint at, string app = "default", int hardLimit = 0) => string.Create(
        CultureInfo.InvariantCulture,
        $"INSERT INTO backends (id, app, region, wg_ip, port, healthy, weight, soft_limit, hard_limit) VALUES ('{id}', '{app}', '{region}', '{at.Address}', {at.Port}, 1, 2, 100, {hardLimit});");

    public static string App(string name, string listen) => $"INSERT INTO apps (name, listen) VALUES ('{name}', '{listen}');";
}
