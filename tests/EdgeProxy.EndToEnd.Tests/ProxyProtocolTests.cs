using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>PROXY headers in, from whom and how; and out, as real programs write and read them.</summary>
public sealed class ProxyProtocolTests
{
    private static readonly (string, string) s_trusted = ("PROXY_PROTOCOL_TRUSTED", "127.0.0.0/8");
    private static readonly IPEndPoint s_brazilian = IPEndPoint.Parse("203.0.113.7:4000");
    private static readonly IPEndPoint s_german = IPEndPoint.Parse("198.51.100.7:4000");
    private static readonly IPEndPoint s_local = IPEndPoint.Parse("127.0.0.1:8080");

    [Theory]
    [InlineData("uring", "send-proxy", "v1")]
    [InlineData("uring", "send-proxy-v2", "v2")]
    [InlineData("epoll", "send-proxy", "v2")]
    [InlineData("epoll", "send-proxy-v2", "v1")]
    public void Client_WhenAnnouncedByHaproxy_IsWhomNginxIsTold(string io, string received, string sent)
    {
        using NginxServer nginx = new();
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", nginx.BehindHeader), ("IO", io), ("PROXY_PROTOCOL", "required"), s_trusted,
            ("SEND_PROXY_PROTOCOL", sent), ("PROXY_TLVS", "checksum,unique_id,country,pop_region"));
        using (HaproxyFront front = new(proxy.Client, received))
        {
            string answer = Programs.Output("curl", "-sS", "--interface", "127.9.8.7", "--local-port", "20000-30000", $"http://{front.At}/");
            Assert.Matches("^127\\.9\\.8\\.7 [23][0-9]{4}\n$", answer);
        }

        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Header_WhenOfVersionTwo_PlacesTheClientEvenInFragments(string io)
    {
        using NamedBackend sa = new("sa-1");
        using NamedBackend eu = new("eu-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Places + Rows.Backend("sa-1", "sa", sa.At) + Rows.Backend("eu-1", "eu", eu.At),
            ("IO", io), ("PROXY_PROTOCOL", "required"), s_trusted);
        foreach ((IPEndPoint client, string expected) in ((IPEndPoint, string)[])[(s_brazilian, "sa-1"), (s_german, "eu-1")])
        {
            using Socket socket = Wire.Connect(proxy.Client);
            socket.NoDelay = true;
            foreach (byte one in ProxyHeader.Proxy(client, s_local)) { socket.Send([one]); }
            Assert.Equal(expected, socket.ReadLine());
            socket.Write("after the header\n");
            Assert.Equal("after the header", socket.ReadLine());
        }

        using (Socket check = Wire.Connect(proxy.Client))
        {
            check.Send(ProxyHeader.Local());
            Assert.Equal("sa-1", check.ReadLine()); // Its own address has no country: the POP's region.
        }

        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Header_WhenMalformed_ClosesThatConnectionWithItsReason(string io)
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", backend.At), ("IO", io), ("PROXY_PROTOCOL", "optional"), s_trusted);
        string[] malformed =
        [
            "PROXY TCP4 256.0.0.1 127.0.0.1 4000 8080\r\n",
            "PROXY TCP4 203.0.113.7 127.0.0.1 99999 8080\r\n",
            "PROXY TCP4 203.0.113.07 127.0.0.1 4000 8080\r\n",
            "PROXY TCP4 2001:db8::1 ::1 4000 8080\r\n",
            "PROXY TCP9 203.0.113.7 127.0.0.1 4000 8080\r\n",
            "PROXY " + new string('x', 200) + "\r\n",
            Encoding.Latin1.GetString(ProxyHeader.Local()).Replace('\x20', '\x31'),
        ];
        foreach (string header in malformed)
        {
            using Socket socket = Wire.Connect(proxy.Client);
            socket.Write(header);
            socket.AssertReset();
        }

        Assert.Equal(malformed.Length, proxy.Closed("proxy_header_malformed"));
        Assert.Equal(0, backend.Accepted);
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Header_WhenRequiredAndNotThere_ClosesWithItsReason(string io)
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", backend.At), ("IO", io), ("PROXY_PROTOCOL", "required"), s_trusted,
            ("PROXY_HEADER_TIMEOUT_SECS", "0.3"));
        using (Socket other = Wire.Connect(proxy.Client))
        {
            other.Write("GET / HTTP/1.0\r\n\r\n");
            other.AssertReset();
        }

        using (Socket slow = Wire.Connect(proxy.Client))
        {
            slow.Write("PROXY TCP4 203.0");
            slow.AssertReset();
        }

        Assert.Equal(1, proxy.Closed("proxy_header_missing"));
        Assert.Equal(1, proxy.Closed("proxy_header_timeout"));
        Assert.Equal(0, backend.Accepted);
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Header_WhenFromAnUntrustedPeer_IsRefusedOrRelayedAsItIs(string io)
    {
        const string Header = "PROXY TCP4 203.0.113.7 127.0.0.1 4000 8080";
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", backend.At, app: "web") + Rows.Backend("sa-2", "sa", backend.At, app: "strict")
            + "INSERT INTO apps (name, listen, proxy_protocol, proxy_protocol_trusted) VALUES "
            + "('web', '127.0.0.1:0', 'optional', '10.0.0.0/8'), ('strict', '127.0.0.2:0', 'required', '10.0.0.0/8');",
            ("IO", io));
        using (Socket socket = Wire.Connect(proxy.Listener("web")))
        {
            socket.Write(Header + "\r\n");
            Assert.Equal("sa-1", socket.ReadLine());
            Assert.Equal(Header + "\r", socket.ReadLine());
        }

        using (Socket socket = Wire.Connect(proxy.Listener("strict"))) { socket.AssertReset(); }

        Assert.Equal(1, proxy.Closed("proxy_header_untrusted"));
        Assert.Equal(1, backend.Accepted);
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Header_WhenSentToTheBackend_ComesBeforeTheClientsBytes(string io)
    {
        using ManualBackend backend = new();
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", backend.Port), ("IO", io), ("SEND_PROXY_PROTOCOL", "v1"));
        using (Socket client = Wire.Connect(proxy.Client))
        {
            IPEndPoint own = (IPEndPoint)client.LocalEndPoint!;
            client.Write("first\n");
            using Socket server = backend.Accept();
            Assert.Equal($"PROXY TCP4 {own.Address} {proxy.Client.Address} {own.Port} {proxy.Client.Port}\r", server.ReadLine());
            Assert.Equal("first", server.ReadLine());
        }

        proxy.End();
    }
}
