using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane.Tests;

public sealed class TunnelMetricsTests
{
    private const long NowUnixNs = 3_500_000_000;

    [Fact]
    public void Page_WhenAPeerIsInTheTable_NamesItWithItsRegion()
    {
        using LiveParts parts = new();
        string page = Write(parts, parts.Sources.Tunnel);
        const string Labels = "{region=\"sa\",peer=\"gru1\"}";
        Assert.Contains("edgeproxy_tunnel_up 1\n", page, StringComparison.Ordinal);
        Assert.Contains("edgeproxy_tunnel_peers 2\n", page, StringComparison.Ordinal);
        Assert.Contains(
            $"edgeproxy_tunnel_peer_last_handshake_age_seconds{Labels} 2.5\n", page, StringComparison.Ordinal);
        string[] counts =
        [
            "handshakes_total", "endpoint_changes_total", "bytes_received_total", "packets_received_total",
            "bytes_sent_total", "packets_sent_total", "packets_queued",
        ];
        for (int i = 0; i < counts.Length; i++)
        {
            Assert.Contains($"edgeproxy_tunnel_peer_{counts[i]}{Labels} {1 + i}\n", page, StringComparison.Ordinal);
        }

        Assert.Contains(
            "edgeproxy_tunnel_peer_dropped_total{region=\"sa\",peer=\"gru1\",reason=\"replayed\"} 8\n", page,
            StringComparison.Ordinal);
        Assert.Contains("edgeproxy_tunnel_dropped_total{reason=\"malformed\"} 5\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_WhenPeersAreInNoRow_SumsThemAsOneWithoutNamingAny()
    {
        using LiveParts parts = new();
        PeerKey another = new([3, .. new byte[31]]);
        parts.AddPeer(another, 1000);
        string page = Write(parts, parts.Sources.Tunnel);
        const string Other = "{region=\"\",peer=\"_other\"";
        Assert.Contains($"edgeproxy_tunnel_peer_handshakes_total{Other}}} 1100\n", page, StringComparison.Ordinal);
        Assert.Contains(
            $"edgeproxy_tunnel_peer_dropped_total{Other},reason=\"queue_full\"}} 1116\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain(another.ToString(), page, StringComparison.Ordinal);
        Assert.DoesNotContain(
            $"edgeproxy_tunnel_peer_last_handshake_age_seconds{Other}", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_WhenThereWasNoHandshake_HasNoAge()
    {
        using LiveParts parts = new();
        parts.Tunnel.Counts[LiveParts.Known] = parts.Tunnel.Counts[LiveParts.Known] with { HandshakeUnixNs = 0 };
        string page = Write(parts, parts.Sources.Tunnel);
        Assert.DoesNotContain("last_handshake_age_seconds{", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_WhenTheTunnelDidNotStart_SaysOnlyThat()
    {
        using LiveParts parts = new();
        string page = Write(parts, parts.Sources.Tunnel! with { Engine = null, Device = null, Problem = "no" });
        Assert.Contains("edgeproxy_tunnel_up 0\n", page, StringComparison.Ordinal);
        Assert.Equal(3, page.AsSpan().Count('\n')); // HELP, TYPE and the sample.
        Assert.Empty(Write(parts, tunnel: null));
    }

    private static string Write(LiveParts parts, TunnelSources? tunnel)
    {
        PageBuffer page = new(1 << 20);
        new TunnelMetrics(tunnel).Write(new MetricsText(page), parts.Sources.Router.Tables.Current.Peers, NowUnixNs);
        return Encoding.UTF8.GetString(page.Written);
    }
}
