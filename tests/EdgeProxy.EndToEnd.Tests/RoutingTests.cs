using System.Net.Sockets;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Where clients go.</summary>
public sealed class RoutingTests
{
    private static readonly (string, string)[] s_believed =
        [("PROXY_PROTOCOL", "optional"), ("PROXY_PROTOCOL_TRUSTED", "127.0.0.0/8")];

    [Theory]
    [InlineData("uring", "203.0.113.7", "sa-1")]
    [InlineData("uring", "198.51.100.7", "eu-1")]
    [InlineData("epoll", "203.0.113.7", "sa-1")]
    [InlineData("epoll", "198.51.100.7", "eu-1")]
    public void Client_WhenPlaceIsKnown_ReachesItsRegion(string io, string client, string expected)
    {
        using NamedBackend sa = new("sa-1");
        using NamedBackend eu = new("eu-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Places + Rows.Backend("sa-1", "sa", sa.Port) + Rows.Backend("eu-1", "eu", eu.Port), [("IO", io), .. s_believed]);
        Assert.Equal(expected, AskFrom(proxy, client));
        proxy.End();
    }

    [Fact]
    public void Backend_WhenDrainedBySqlite_GetsNoNewClients()
    {
        using NamedBackend sa = new("sa-1");
        using NamedBackend eu = new("eu-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Places + Rows.Backend("sa-1", "sa", sa.Port) + Rows.Backend("eu-1", "eu", eu.Port), s_believed);
        Assert.Equal("sa-1", AskFrom(proxy, "203.0.113.7"));
        proxy.Edit("UPDATE backends SET weight = 0 WHERE id = 'sa-1'");
        Assert.Equal("eu-1", AskFrom(proxy, "203.0.113.7"));
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Client_WhenOfOneApp_NeverReachesBackendsOfAnother(string io)
    {
        using NamedBackend web = new("web-1");
        using NamedBackend game = new("game-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.App("web", "127.0.0.1:0") + Rows.App("game", "127.0.0.2:0")
            + Rows.Backend("web-1", "sa", web.At, app: "web") + Rows.Backend("game-1", "sa", game.At, app: "game"),
            ("IO", io));
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal("web-1", Wire.Ask(proxy.Listener("web"), ""));
            Assert.Equal("game-1", Wire.Ask(proxy.Listener("game"), ""));
        }

        // Even when its own app has nobody left.
        proxy.Edit("UPDATE backends SET healthy = 0 WHERE id = 'game-1'");
        using Socket unserved = Wire.Connect(proxy.Listener("game"));
        unserved.AssertReset();
        Assert.Equal(1, proxy.Closed("no_healthy_backend"));
        Assert.Equal((50, 50), (web.Accepted, game.Accepted));
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void HardLimit_WhenManyComeAtOnce_IsNotExceededByOne(string io)
    {
        const int Limit = 7;
        const int Clients = 60;
        using NamedBackend only = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", only.At, hardLimit: Limit), ("IO", io));
        Socket[] clients = new Socket[Clients];
        Parallel.For(0, Clients, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i => clients[i] = Wire.Connect(proxy.Client));
        Patience.Until(() => proxy.Closed("backends_full").Equals(Clients - Limit), () => $"{proxy.Closed("backends_full")} turned away");
        Assert.Equal(Limit, only.Accepted);
        foreach (Socket client in clients) { client.Dispose(); }
        proxy.End();
    }

    private static string AskFrom(ProxyProcess proxy, string address) =>
        Wire.Ask(proxy.Client, $"PROXY TCP4 {address} 127.0.0.1 4000 8080\r\n");
}
