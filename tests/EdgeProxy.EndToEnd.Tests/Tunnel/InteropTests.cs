using System.Net;
using System.Text.Json;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>The built-in engine against wireguard-go and itself, over a cable that does nothing wrong.</summary>
public sealed class InteropTests
{
    private const int LargeBytes = 16 * 1024 * 1024;
    private const int Seed = 20261125;

    /// <summary>Of datagrams: small, around an MTU of 1420 less headers, and such as come in fragments.</summary>
    private static readonly int[] s_sizes = [1, 56, 1371, 1372, 1373, 1392, 1393, 4000, 9000, 65_000];

    [Theory, MemberData(nameof(TunnelPair.Roles), MemberType = typeof(TunnelPair))]
    public void Tunnel_WhenItIsUp_CarriesSmallAndLargePacketsBothWays(string near, string far)
    {
        using TunnelPair pair = new TunnelPair(near, far).Join();
        NetworkHost a = pair.Near.Host, b = pair.Far.Host;
        TunnelTraffic.Echo(a, b, a.Inside, b.Inside, s_sizes);
        TunnelTraffic.Echo(b, a, b.InsideV6, a.InsideV6, s_sizes);
        TunnelTraffic.Exchange(a, b, b.Inside, LargeBytes, Seed);
        TunnelTraffic.Exchange(b, a, a.InsideV6, LargeBytes, Seed);

        (TunnelEnd, TunnelEnd)[] ways = [(pair.Near, pair.Far), (pair.Far, pair.Near)];
        foreach ((TunnelEnd one, TunnelEnd other) in ways)
        {
            ShownPeer shown = one.Show(other);
            Assert.Equal(other.At.ToString(), shown.Endpoint);
            Assert.InRange(shown.ReceivedBytes, 2 * LargeBytes, 4L * LargeBytes);
            Assert.InRange(shown.SentBytes, 2 * LargeBytes, 4L * LargeBytes);
            Assert.True(shown.Handshake > 0);
            string text = Programs.Output("wg", "show", one.Interface);
            Assert.Contains("peer: " + other.PublicKey, text, StringComparison.Ordinal);
            Assert.Contains("latest handshake: ", text, StringComparison.Ordinal);
            Assert.Contains("transfer: ", text, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(TunnelPair.Roles), MemberType = typeof(TunnelPair))]
    public void Tunnel_WhenThereAreManyConnections_DeliversEveryByteOfEach(string near, string far)
    {
        using TunnelPair pair = new TunnelPair(near, far).Join();
        using ChildProcess backend = pair.Far.Host.Start(
            Programs.Load, "integrity-backend", "--listen", new IPEndPoint(pair.Far.Host.Inside, 0).ToString());
        string at = backend.WaitFor("listening ")["listening ".Length..];
        string report = pair.Near.Host.Output(
            Programs.Load, "integrity", at, "--count", "300",
            "--concurrency", "32", "--bytes-max", "400000", "--seed", "7");
        JsonElement counts = JsonDocument.Parse(report).RootElement;
        Assert.Equal(0, counts.GetProperty("errors").GetInt64());
        Assert.Equal(300, counts.GetProperty("units").GetInt64());
    }

    [Theory, MemberData(nameof(TunnelPair.Roles), MemberType = typeof(TunnelPair))]
    public void Tunnel_WhenItRunsOverIPv6_CarriesBothFamilies(string near, string far)
    {
        using TunnelPair pair = new(near, far);
        pair.Far.Knows(pair.Near);
        pair.Near.Knows(pair.Far, "endpoint", pair.Far.AtV6.ToString());
        NetworkHost a = pair.Near.Host, b = pair.Far.Host;
        TunnelTraffic.Echo(a, b, a.Inside, b.Inside, s_sizes);
        TunnelTraffic.Exchange(a, b, b.Inside, LargeBytes / 4, Seed);
        TunnelTraffic.Exchange(b, a, a.InsideV6, LargeBytes / 4, Seed);
        Assert.Equal(pair.Near.AtV6.ToString(), pair.Far.Show(pair.Near).Endpoint);
    }
}
