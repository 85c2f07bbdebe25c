using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeProxy.EndToEnd.Tests;

public sealed class RoutingTests
{
    private const string Overrides =
        "INSERT INTO overrides (prefix, country) VALUES ('203.0.113.0/24', 'BR'), ('198.51.100.0/24', 'DE');";

    [Theory]
    [InlineData("uring", "203.0.113.7", "sa-1")]
    [InlineData("uring", "198.51.100.7", "eu-1")]
    [InlineData("epoll", "203.0.113.7", "sa-1")]
    [InlineData("epoll", "198.51.100.7", "eu-1")]
    public void Client_WhenPlaceIsKnown_ReachesItsRegion(string io, string client, string expected)
    {
        using NamedBackend sa = new("sa-1");
        using NamedBackend eu = new("eu-1");
        using ProxyProcess proxy = ProxyProcess.Start(Overrides + Row("sa-1", "sa", sa.Port) + Row("eu-1", "eu", eu.Port), ("IO", io));
        Assert.Equal(expected, Ask(proxy, client));
        End(proxy);
    }

    [Fact]
    public void Backend_WhenDrainedBySqlite_GetsNoNewClients()
    {
        using NamedBackend sa = new("sa-1");
        using NamedBackend eu = new("eu-1");
        using ProxyProcess proxy = ProxyProcess.Start(Overrides + Row("sa-1", "sa", sa.Port) + Row("eu-1", "eu", eu.Port));
        Assert.Equal("sa-1", Ask(proxy, "203.0.113.7"));
        proxy.Sql("UPDATE backends SET weight = 0 WHERE id = 'sa-1'");
        proxy.WaitFor("version=2");
        Assert.Equal("eu-1", Ask(proxy, "203.0.113.7"));
        Assert.Equal(0, proxy.Cli("backends", "set", "sa-1", "--weight", "2"));
        proxy.WaitFor("version=3");
        End(proxy);
    }

    [Fact]
    public void Table_WhenReplacedByGarbage_GoesOnServing()
    {
        using NamedBackend sa = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(Row("sa-1", "sa", sa.Port));
        string other = proxy.DbPath + ".other";
        File.WriteAllText(other, new string('x', 8192));
        File.Move(other, proxy.DbPath, overwrite: true);
        string complaint = proxy.WaitFor("routing.db cannot be used");
        Assert.Contains("routing.db", complaint, StringComparison.Ordinal);
        Assert.Equal("sa-1", Ask(proxy, null));
        proxy.Signal(PosixSignal.SIGTERM);
        Assert.Equal(0, proxy.WaitForExit());
    }

    [Fact]
    public void Connect_WhenTheBestRefuses_TriesTheNext()
    {
        using NamedBackend eu = new("eu-1");
        int refusing;
        using (NamedBackend gone = new("gone")) { refusing = gone.Port; }
        using ProxyProcess proxy = ProxyProcess.Start(Row("sa-1", "sa", refusing) + Row("eu-1", "eu", eu.Port));
        Assert.Equal("eu-1", Ask(proxy, null));
        End(proxy);
    }

    [Fact]
    public void Client_WhenNothingCanServe_IsReset()
    {
        using ProxyProcess proxy = ProxyProcess.Start("SELECT 1;");
        using Socket client = Connect(proxy);
        SocketException ended = Assert.Throws<SocketException>(() => client.Receive(new byte[1]));
        Assert.Equal(SocketError.ConnectionReset, ended.SocketErrorCode);
        End(proxy);
    }

    [Theory]
    [InlineData("uring")]
    [InlineData("epoll")]
    public void Reset_WhenBackendResets_ReachesTheClientAfterItsBytes(string io)
    {
        using NamedBackend sa = new("sa-1", resets: true);
        using ProxyProcess proxy = ProxyProcess.Start(Row("sa-1", "sa", sa.Port), ("IO", io));
        using Socket client = Connect(proxy);
        Assert.Equal("sa-1", ReadLine(client));
        client.Send("go"u8);
        SocketException ended = Assert.Throws<SocketException>(() => client.Receive(new byte[1]));
        Assert.Equal(SocketError.ConnectionReset, ended.SocketErrorCode);
        End(proxy);
    }

    [Theory]
    [InlineData("uring")]
    [InlineData("epoll")]
    public async Task Relay_WhenMuchIsSentAndFinished_ArrivesWholeBothWays(string io)
    {
        const int Seed = 20261123;
        using NamedBackend sa = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(Row("sa-1", "sa", sa.Port), ("IO", io));
        byte[] sent = new byte[16 * 1024 * 1024];
        new Random(Seed).NextBytes(sent);
        using Socket client = Connect(proxy);
        Assert.Equal("sa-1", ReadLine(client));
        Task sending = Task.Run(() =>
        {
            for (int at = 0; at < sent.Length;) { at += client.Send(sent, at, Math.Min(100_000, sent.Length - at), SocketFlags.None); }
            client.Shutdown(SocketShutdown.Send);
        });
        byte[] got = new byte[sent.Length + 1];
        int count = 0;
        for (int more; (more = await client.ReceiveAsync(got.AsMemory(count))) > 0;) { count += more; }
        await sending;
        Assert.Equal(sent.Length, count);
        Assert.True(sent.AsSpan().SequenceEqual(got.AsSpan(0, count)));
        End(proxy);
    }

    [Fact]
    public void Termination_WhenAClientIsConnected_LetsItFinish()
    {
        using NamedBackend sa = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(Row("sa-1", "sa", sa.Port));
        using Socket client = Connect(proxy);
        Assert.Equal("sa-1", ReadLine(client));
        proxy.Signal(PosixSignal.SIGTERM);
        proxy.WaitFor("msg=draining");
        client.Send("still here\n"u8);
        Assert.Equal("still here", ReadLine(client));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, client.Receive(new byte[1]));
        Assert.Equal(0, proxy.WaitForExit());
        Assert.Empty(proxy.Errors);
    }

    private static void End(ProxyProcess proxy)
    {
        proxy.Signal(PosixSignal.SIGTERM);
        Assert.Equal(0, proxy.WaitForExit());
        Assert.Empty(proxy.Errors);
    }

    private static string Row(string id, string region, int port) => string.Create(
        CultureInfo.InvariantCulture,
        $"INSERT INTO backends (id, app, region, wg_ip, port, healthy, weight, soft_limit, hard_limit) VALUES ('{id}', 'default', '{region}', '127.0.0.1', {port}, 1, 2, 100, 150);");

    private static Socket Connect(ProxyProcess proxy)
    {
        Socket client = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000, SendTimeout = 30_000 };
        client.Connect(proxy.Client);
        return client;
    }

    private static string Ask(ProxyProcess proxy, string? address)
    {
        using Socket client = Connect(proxy);
        client.Send(Encoding.ASCII.GetBytes(address is null ? "\n" : $"PROXY TCP4 {address} 127.0.0.1 4000 8080\r\n"));
        return ReadLine(client);
    }

    private static string ReadLine(Socket client)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (client.Receive(one) == 1 && one[0] != '\n') { line.Append((char)one[0]); }
        return line.ToString();
    }
}
