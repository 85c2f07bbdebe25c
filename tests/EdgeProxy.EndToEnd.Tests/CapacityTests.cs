using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Many connections, and more than there is room for.</summary>
public sealed class CapacityTests(ITestOutputHelper output)
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void NineThousandIdle_WithChurnOnTop_AreAllStillThere(string io)
    {
        const int Idle = 9_000;
        const int Churn = 5_000;
        using LoadBackend held = new("echo");
        using LoadBackend churned = new("echo");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.App("held", "127.0.0.1:0") + Rows.App("churned", "127.0.0.2:0")
            + Rows.Backend("held-1", "sa", held.At, app: "held") + Rows.Backend("churned-1", "sa", churned.At, app: "churned"),
            ("IO", io));
        long before = proxy.ResidentBytes;
        using ChildProcess idle = ChildProcess.Start(
            Programs.Load, "idle", proxy.Listener("held").ToString(), "--connections", Number(Idle), "--seconds", "3600");
        string standing = "edgeproxy_backend_connections_active{region=\"sa\",backend=\"held-1\"}";
        proxy.WaitForMetric(standing, Idle);
        long after = proxy.ResidentBytes;
        JsonElement report = Report(Programs.Output(
            Programs.Load, "connections", proxy.Listener("churned").ToString(), "--count", Number(Churn), "--concurrency", "64"));
        Assert.Equal(0, report.GetProperty("errors").GetInt64());
        Assert.Equal(Idle, proxy.Metric(standing));
        output.WriteLine($"{io}: {(after - before) / (double)Idle:F0} bytes of RSS per idle connection at {Idle}");

        Assert.False(idle.HasExited, idle.Tail());
        idle.Kill();
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Descriptors_WhenTheyRunOut_MakeAcceptingRestAndItRecovers(string io)
    {
        const string Rests = "accepting rests";
        const int Clients = 60;
        const double CpuShareMax = 0.5;
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.StartLimited(
            1_000, Rows.Backend("sa-1", "sa", backend.At), ("IO", io), ("MAX_CONNECTIONS", "100000"), ("SPIN_MICROS", "0"));

        // The host gets short under it: room for some twenty connections is left, and the proxy's own cap is far away.
        Programs.Output("prlimit", $"--pid={proxy.Id}", $"--nofile={proxy.Descriptors + 40}:1000");
        List<Socket> clients = [];
        for (int i = 0; i < Clients; i++) { clients.Add(Wire.Connect(proxy.Client)); }
        proxy.WaitFor(Rests);

        TimeSpan cpu = proxy.Cpu;
        TimeSpan window = TimeSpan.FromSeconds(1);
        Patience.Window(window);
        Assert.InRange((proxy.Cpu - cpu) / window, 0, CpuShareMax);
        Assert.Single(proxy.Log, static l => l.Contains(Rests, StringComparison.Ordinal));

        // Just now somebody wants to look: the metrics page and the admin socket answer.
        for (int i = 0; i < 5; i++)
        {
            Assert.True(proxy.Metric("edgeproxy_accept_pauses_total{cause=\"shortage\"}") >= 1);
            JsonElement explained = proxy.Ask("{\"cmd\":\"explain\",\"ip\":\"200.160.2.3\"}");
            Assert.Equal("sa-1", explained.GetProperty("candidates")[0].GetProperty("id").GetString());
        }

        // Whoever got a place is served; as they leave, so are the others, by and by, and nobody is turned away.
        while (clients.Count > 0)
        {
            List<Socket> ready = [.. clients];
            Socket.Select(ready, null, null, Patience.Limit);
            Assert.True(ready.Count > 0, $"{clients.Count} clients are served no more");
            foreach (Socket client in ready)
            {
                Assert.Equal("sa-1", client.ReadLine());
                clients.Remove(client);
                client.Dispose();
            }
        }

        Assert.Equal("sa-1", Wire.Ask(proxy.Client, "\n"));
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Connections_WhenAtTheCap_LetFurtherOnesWaitUntilOneLeaves(string io)
    {
        const int Cap = 10;
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", backend.At), ("IO", io), ("MAX_CONNECTIONS", Number(Cap)), ("WORKERS", "4"));
        List<Socket> clients = [];
        for (int i = 0; i < Cap; i++)
        {
            clients.Add(Wire.Connect(proxy.Client));
            Assert.Equal("sa-1", clients[i].ReadLine());
        }

        // More of them than loops, which all look for a place again and again, and none takes one too many.
        const string Pauses = "edgeproxy_accept_pauses_total{cause=\"cap\"}";
        List<Socket> waiting = [], leaving = [];
        for (int i = 0; i < Cap; i++) { waiting.Add(Wire.Connect(proxy.Client)); }
        double pauses = proxy.Metric(Pauses);
        Patience.Until(() => proxy.Metric(Pauses) >= pauses + (2 * Cap), "pauses at the cap");
        Assert.Equal(Cap, proxy.Metric("edge_connections_current"));
        Assert.All(waiting, static w => Assert.Equal(0, w.Available));

        // Whichever loop a place comes from, whoever waits on another gets it.
        foreach (Socket client in clients)
        {
            client.Dispose();
            List<Socket> served = [.. waiting];
            Socket.Select(served, null, null, Patience.Limit);
            Assert.Equal("sa-1", Assert.Single(served).ReadLine());
            waiting.Remove(served[0]);
            leaving.Add(served[0]);
        }

        leaving.ForEach(static c => c.Dispose());
        proxy.End();
    }

    [Fact]
    public void Descriptors_WhenFourFifthsAreUsed_AreWarnedOfOnce()
    {
        const string Warning = "descriptors are near their limit";
        using LoadBackend backend = new("echo");
        using ProxyProcess proxy = ProxyProcess.StartLimited(2_000, Rows.Backend("sa-1", "sa", backend.At));
        Assert.Equal(2_000, proxy.Metric("process_max_fds"));
        Assert.Equal((2_000 - 256) / 2, proxy.Metric("edgeproxy_connections_max"));
        using ChildProcess idle = ChildProcess.Start(Programs.Load, "idle", proxy.Client.ToString(), "--connections", "820", "--seconds", "3600");
        string line = proxy.WaitFor(Warning);
        Assert.Contains("max=2000", line, StringComparison.Ordinal);
        Assert.True(proxy.Metric("process_open_fds") >= 1_600);
        idle.Kill();
        proxy.AssertAtRest();
        Assert.Single(proxy.Log, static l => l.Contains(Warning, StringComparison.Ordinal));
        proxy.End();
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static JsonElement Report(string json) => JsonDocument.Parse(json).RootElement;
}
