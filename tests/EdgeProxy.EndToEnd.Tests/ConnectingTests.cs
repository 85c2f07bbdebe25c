using System.Net.Sockets;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Backends that are not there, do not answer, stand still or die.</summary>
public sealed class ConnectingTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Connect_WhenTheBestRefuses_TriesTheNext(string io)
    {
        using NamedBackend eu = new("eu-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", Loopback.Refusing()) + Rows.Backend("eu-1", "eu", eu.Port), ("IO", io));
        Assert.Equal("eu-1", Wire.Ask(proxy.Client, "\n"));
        Assert.Equal(1, proxy.Metric("edgeproxy_connect_failures_total"));
        Assert.Equal(1, proxy.Metric("edgeproxy_backend_errors_total{region=\"sa\",backend=\"sa-1\"}"));
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Connect_WhenTheBestIsUnreachable_TriesTheNextAfterTheTimeout(string io)
    {
        using SilentHost silent = new();
        using NamedBackend eu = new("eu-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", silent.Port) + Rows.Backend("eu-1", "eu", eu.Port),
            ("IO", io), ("CONNECT_TIMEOUT_SECS", "0.2"));
        Assert.Equal("eu-1", Wire.Ask(proxy.Client, "kept meanwhile\n"));
        Assert.Equal(1, proxy.Metric("edgeproxy_connect_failures_total"));
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Connect_WhenEveryBackendFails_ResetsTheClientAndSaysWhy(string io)
    {
        using SilentHost silent = new();
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", Loopback.Refusing()) + Rows.Backend("eu-1", "eu", silent.Port),
            ("IO", io), ("CONNECT_TIMEOUT_SECS", "0.2"));
        using Socket client = Wire.Connect(proxy.Client);
        client.AssertReset();
        string line = proxy.WaitFor("reason=connect_failed");
        Assert.Contains("attempts=2", line, StringComparison.Ordinal);
        Assert.Contains("errno=ETIMEDOUT", line, StringComparison.Ordinal);
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Connect_WhenTheDeadlineComesBeforeTheAttempts_GivesUp(string io)
    {
        using SilentHost one = new();
        using SilentHost other = new();
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", one.Port) + Rows.Backend("eu-1", "eu", other.Port),
            ("IO", io), ("CONNECT_TIMEOUT_SECS", "60"), ("CONNECT_DEADLINE_SECS", "0.3"));
        using Socket client = Wire.Connect(proxy.Client);
        client.AssertReset();
        Assert.Equal(1, proxy.Closed("connect_deadline"));
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Client_WhenItLeavesWhileConnecting_IsCountedAsGone(string io)
    {
        using SilentHost silent = new();
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", silent.Port), ("IO", io), ("CONNECT_TIMEOUT_SECS", "60"));
        Socket client = Wire.Connect(proxy.Client);
        Patience.Until(() => proxy.Metric("edgeproxy_connect_attempts_total").Equals(1), "an attempt");
        client.Reset();
        Patience.Until(() => proxy.Closed("client_gone").Equals(1), "a client that is gone");
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Backend_WhenStopped_AnswersWhatCameMeanwhileWhenItGoesOn(string io)
    {
        using LoadBackend stopped = new("echo");
        using NamedBackend other = new("eu-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Places + Rows.Backend("sa-1", "sa", stopped.At) + Rows.Backend("eu-1", "eu", other.Port),
            ("IO", io), ("PROXY_PROTOCOL", "optional"), ("PROXY_PROTOCOL_TRUSTED", "127.0.0.0/8"));
        stopped.Process.Stop();
        using (Socket waiting = Wire.Connect(proxy.Client))
        {
            waiting.Write("anybody there\n");
            proxy.WaitForMetric("edgeproxy_backend_connections_active{region=\"sa\",backend=\"sa-1\"}", 1);

            // The rest of the world goes on.
            Assert.Equal("eu-1", Wire.Ask(proxy.Client, "PROXY TCP4 198.51.100.7 127.0.0.1 4000 8080\r\n"));
            Assert.Equal(0, waiting.Available);
            stopped.Process.Send(Signal.Continue);
            Assert.Equal("anybody there", waiting.ReadLine());
        }

        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Backend_WhenKilledMidStream_EndsItsClientsAndIsReplaced(string io)
    {
        const int Clients = 20;
        using LoadBackend killed = new("source");
        using NamedBackend other = new("eu-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", killed.At) + Rows.Backend("eu-1", "eu", other.Port), ("IO", io));
        List<Socket> clients = [];
        for (int i = 0; i < Clients; i++)
        {
            Socket client = Wire.Connect(proxy.Client);
            client.ReadExactly(100_000);
            clients.Add(client);
        }

        // A byte the backend never reads makes its kernel reset that connection; the others get a plain FIN.
        clients[0].Send([1]);
        Patience.Until(
            () => proxy.Metric("edgeproxy_backend_bytes_sent_total{region=\"sa\",backend=\"sa-1\"}") >= 1
                || proxy.Metric("edgeproxy_bytes_received_total{region=\"sa\"}") >= 1,
            "the byte at the backend");
        killed.Process.Kill();
        byte[] buffer = new byte[256 * 1024];
        SocketException reset = Assert.Throws<SocketException>(() => { while (clients[0].Receive(buffer) > 0) { } });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        foreach (Socket client in clients.Skip(1))
        {
            while (client.Receive(buffer) > 0) { }
            client.Dispose();
        }

        // Every seat was given back once, and who comes now is served by the next.
        proxy.WaitForMetric("edgeproxy_backend_connections_active{region=\"sa\",backend=\"sa-1\"}", 0);
        Assert.Equal("eu-1", Wire.Ask(proxy.Client, "\n"));
        proxy.End();
    }
}
