using System.Net;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>What it is all for: a client of one POP reaches a server behind another, through the tunnel.</summary>
public sealed class TwoPopsTests
{
    private const int RedisPort = 6379;
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(10);

    [Fact]
    public void Pop_WhenABackendIsBehindAnother_ServesItsClients()
    {
        using TwoHosts hosts = new();
        using Pop a = new(hosts.A, Rows.Backend("b-1", "sa", Redis(hosts.B)));
        using Pop b = new(hosts.B, Pop.RowOf(a));
        using RedisServer redis = new(hosts.B, Redis(hosts.B));
        a.Knows(b);
        AssertServed(a);
        Assert.True(a.Show(b.PublicKey) is { Handshake: > 0, SentBytes: > 2_000_000, ReceivedBytes: > 2_000_000 });
        Assert.True(b.Show(a.PublicKey)!.Handshake > 0);

        // The operator's own command knows it too.
        string shown = Programs.Output(Programs.EdgeProxy, "wg", "show", a.Interface);
        Assert.Contains("peer: " + b.PublicKey, shown, StringComparison.Ordinal);
        a.Proxy.End();
        b.Proxy.End();
        Assert.DoesNotContain(a.Interface, hosts.A.Ip("link show"), StringComparison.Ordinal);
        Assert.False(File.Exists($"/var/run/wireguard/{a.Interface}.sock"));
    }

    [Fact]
    public void Pop_WhenTheOtherEndIsWireguardGo_ServesItsClients()
    {
        using TwoHosts hosts = new();
        using Pop a = new(hosts.A, Rows.Backend("b-1", "sa", Redis(hosts.B)));
        using TunnelEnd b = new(hosts.B, "wireguard-go");
        b.Set("peer", a.PublicKey, "allowed-ips", $"{a.Host.Inside}/32");
        using RedisServer redis = new(hosts.B, Redis(hosts.B));
        a.Proxy.Edit(Pop.Row("b", b.PublicKey, $"{hosts.B.Inside}/32", b.At));
        AssertServed(a);
        a.Proxy.End();
    }

    /// <summary>Killed as by a power cut: the one that starts again calls, and the old session is over.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public void Pop_WhenKilledAndStartedAgain_ServesWithinTenSeconds(bool isTheClientsOwn)
    {
        using TwoHosts hosts = new();
        using Pop a = new(hosts.A, Rows.Backend("b-1", "sa", Redis(hosts.B)));
        using Pop b = new(hosts.B, Pop.RowOf(a));
        a.Knows(b);
        using (RedisServer redis = new(hosts.B, Redis(hosts.B))) { AssertServed(a); }

        // Its address goes with the interface, so the server starts again as well.
        Pop killed = isTheClientsOwn ? a : b;
        killed.Crash();
        killed.Restart();
        using RedisServer again = new(hosts.B, Redis(hosts.B));
        Patience.Within(s_recovery, () => a.Redis("", "PING") == "PONG\n", () => a.Proxy.Log[^1]);
    }

    private static IPEndPoint Redis(NetworkHost host) => new(host.Inside, RedisPort);

    private static void AssertServed(Pop pop)
    {
        string large = new('v', 2_000_000);
        Assert.Equal("OK\n", pop.Redis("", "SET", "small", "one"));
        Assert.Equal("one\n", pop.Redis("", "GET", "small"));
        Assert.Equal("OK\n", pop.Redis(large, "-x", "SET", "large"));
        Assert.Equal(large + "\n", pop.Redis("", "GET", "large"));
    }
}
