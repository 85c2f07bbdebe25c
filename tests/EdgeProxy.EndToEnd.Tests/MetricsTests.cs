using System.Net;
using System.Net.Sockets;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>The pages, for friend and foe.</summary>
public sealed class MetricsTests
{
    /// <summary>
    /// The one thing promtool's lint has against the page: a name of the original's dashboards, kept for them, whose unit
    /// is abbreviated. Anything else it says is a defect.
    /// </summary>
    private const string LintOfAKeptName = "edge_backend_latency_ms metric names should not contain abbreviated units\n";

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Page_AfterTraffic_IsValidForPromtool(string io)
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", backend.At) + Rows.Backend("q\"uo\\te", "eu", Loopback.Refusing()), ("IO", io));
        for (int i = 0; i < 10; i++) { Assert.Equal("sa-1", Wire.Ask(proxy.Client, "hello\n")); }
        proxy.WaitForMetric("edge_connections_current", 0);
        string page = proxy.Get("/metrics").Body;
        ProgramResult verdict = Programs.RunWith(page, "promtool", "check", "metrics");
        Assert.Equal((LintOfAKeptName, ""), (verdict.Error, verdict.Out));

        Assert.Equal(10, proxy.Metric("edge_connections_total"));
        Assert.Equal(10, proxy.Metric("edgeproxy_connections_total{region=\"sa\"}"));
        Assert.Equal(10, proxy.Metric("edgeproxy_backend_connections_total{region=\"sa\",backend=\"sa-1\"}"));
        Assert.Equal(10, proxy.Metric("edge_backend_latency_ms_count{region=\"sa\",backend=\"sa-1\"}"));
        Assert.Equal(60, proxy.Metric("edgeproxy_bytes_received_total{region=\"sa\"}"));
        Assert.InRange(proxy.Metric("process_open_fds"), 1, proxy.Metric("process_max_fds"));
        Assert.Equal(1, proxy.Metric($"edgeproxy_io_engine_info{{engine=\"{io}\"}}"));
        proxy.End();
    }

    [Fact]
    public void Ready_WhenThereIsNoBackend_SaysSoUntilThereIsOne()
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start("SELECT 1");
        (HttpStatusCode status, string body) = proxy.Get("/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("no backends", body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, proxy.Get("/health").Status); // Alive, though of no use yet.
        proxy.Edit(Rows.Backend("sa-1", "sa", backend.At));
        Assert.Equal(HttpStatusCode.OK, proxy.Get("/ready").Status);
        Assert.Equal(HttpStatusCode.NotFound, proxy.Get("/elsewhere").Status);
        proxy.End();
    }

    [Fact]
    public void Scrapers_WhenHostile_HoldNothingUp()
    {
        const int Silent = 100;
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.At));
        IPEndPoint page = IPEndPoint.Parse(proxy.Metrics);
        List<Socket> hostile = [];
        for (int i = 0; i < Silent; i++)
        {
            hostile.Add(Wire.Connect(page));
            if (i % 2 == 0) { hostile[i].Write("GET /metr"); }
        }

        // Traffic does not notice, and the page is still served to who asks for it.
        Assert.Equal("sa-1", Wire.Ask(proxy.Client, "\n"));
        Assert.Equal(HttpStatusCode.OK, proxy.Get("/metrics").Status);

        using (Socket longTarget = Wire.Connect(page))
        {
            longTarget.Write("GET /" + new string('a', 100_000));
            Assert.StartsWith("HTTP/1.1 4", longTarget.ReadLine(), StringComparison.Ordinal);
        }

        using (Socket noise = Wire.Connect(page))
        {
            noise.Write("\x16\x03\x01 not http at all\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 400", noise.ReadLine(), StringComparison.Ordinal);
        }

        // One that asks and does not read the answer.
        using Socket deaf = Wire.Connect(page);
        deaf.Write("GET /metrics HTTP/1.1\r\n\r\n");
        Assert.Equal(HttpStatusCode.OK, proxy.Get("/metrics").Status);
        hostile.ForEach(static s => s.Dispose());
        deaf.Dispose();
        proxy.End();
    }
}
