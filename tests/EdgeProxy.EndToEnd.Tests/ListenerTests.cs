using System.Net;
using System.Net.Sockets;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Listeners come and go with the table; IPv4 and IPv6 on either side.</summary>
public sealed class ListenerTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Listener_WhenAddedAndRemoved_OpensAndClosesWithoutARestart(string io)
    {
        using NamedBackend web = new("web-1");
        using NamedBackend game = new("game-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.App("web", "127.0.0.1:0") + Rows.Backend("web-1", "sa", web.At, app: "web"), ("IO", io));
        using Socket lasting = Wire.Connect(proxy.Listener("web"));
        Assert.Equal("web-1", lasting.ReadLine());

        proxy.Edit(Rows.App("game", "127.0.0.2:0") + Rows.Backend("game-1", "sa", game.At, app: "game"));
        IPEndPoint added = proxy.Listener("game");
        using Socket staying = Wire.Connect(added);
        Assert.Equal("game-1", staying.ReadLine());

        proxy.Edit("DELETE FROM apps WHERE name = 'game'; DELETE FROM backends WHERE app = 'game'");
        Patience.Until(() => Wire.IsRefused(added), "a listener that is gone");
        Assert.Equal("web-1", Wire.Ask(proxy.Listener("web"), ""));

        // Connections outlive the listener, and even their app and backend.
        foreach (Socket socket in (Socket[])[staying, lasting])
        {
            socket.Write("still here\n");
            Assert.Equal("still here", socket.ReadLine());
            socket.Dispose();
        }

        proxy.End();
    }

    [Fact]
    public void Listener_WhenItsAddressIsTaken_IsAnErrorThatSaysSoAndMakesNotReady()
    {
        using NamedBackend backend = new("sa-1");
        using NamedBackend taken = new("taken");
        using ProxyProcess proxy = ProxyProcess.Start(Rows.App("web", "127.0.0.1:0") + Rows.Backend("sa-1", "sa", backend.At, app: "web"));
        proxy.Edit(Rows.App("game", taken.At.ToString()));
        Assert.Contains(taken.At.ToString(), proxy.WaitFor("a listener cannot be opened"), StringComparison.Ordinal);
        (HttpStatusCode status, string body) = proxy.Get("/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains(taken.At.ToString(), body, StringComparison.Ordinal);
        proxy.Edit("DELETE FROM apps WHERE name = 'game'");
        Assert.Equal(HttpStatusCode.OK, proxy.Get("/ready").Status);
        proxy.End("a listener cannot be opened");
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Listener_WhenDualStack_TakesBothFamiliesAndReachesBoth(string io)
    {
        using NamedBackend four = new("four");
        using NamedBackend six = new("six", IPAddress.IPv6Loopback);
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Places + Rows.Backend("sa-1", "sa", four.At) + Rows.Backend("ap-1", "ap", six.At),
            ("IO", io), ("LISTEN_ADDR", "[::]:0"), ("PROXY_PROTOCOL", "optional"),
            ("PROXY_PROTOCOL_TRUSTED", "127.0.0.0/8,::1/128"), ("LOG_CONNECTIONS", "all"));
        int port = proxy.Client.Port;
        foreach (IPAddress own in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            IPEndPoint target = new(own, port);
            Assert.Equal("four", Wire.Ask(target, "PROXY TCP4 203.0.113.7 127.0.0.1 4000 8080\r\n"));
            Assert.Equal("six", Wire.Ask(target, "PROXY TCP6 2001:db8:1::7 ::1 4000 8080\r\n"));
        }

        // An IPv4 client of a dual-stack listener is known by its IPv4 address: trusted, bound and logged as such.
        proxy.WaitFor("client=203.0.113.7:4000 peer=127.0.0.1:");
        proxy.End();
    }
}
