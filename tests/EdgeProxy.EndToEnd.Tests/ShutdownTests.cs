using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Signals.</summary>
public sealed class ShutdownTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Termination_WhenClientsAreConnected_LetsThemFinish(string io)
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.Port), ("IO", io));
        using Socket client = Wire.Connect(proxy.Client);
        Assert.Equal("sa-1", client.ReadLine());
        IPEndPoint listener = proxy.Client;
        proxy.Send(Signal.Terminate);
        proxy.WaitFor("msg=draining");
        (HttpStatusCode status, string body) = proxy.Get("/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("draining", body, StringComparison.Ordinal);
        Patience.Until(() => Wire.IsRefused(listener), "no new clients");
        client.Write("still here\n");
        Assert.Equal("still here", client.ReadLine());
        client.Shutdown(SocketShutdown.Send);
        client.AssertFinished();
        Assert.Equal(0, proxy.WaitForExit());
        Assert.Empty(proxy.Errors());
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Termination_UnderLoad_BreaksNoConnectionThatWasAccepted(string io)
    {
        using LoadBackend backend = new("integrity-backend");
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.At), ("IO", io));
        using ChildProcess load = ChildProcess.Start(
            Programs.Load, "integrity", proxy.Client.ToString(), "--count", "1000000", "--concurrency", "32", "--bytes-max", "1048576");
        Patience.Until(() => proxy.Closed("finished") >= 100, "a load under way");
        proxy.Send(Signal.Terminate);
        Assert.Equal(0, proxy.WaitForExit());
        Assert.Empty(proxy.Errors());
        Assert.DoesNotContain(proxy.Log, static l => l.Contains("closing what is left", StringComparison.Ordinal));

        // The load went on connecting, and found nobody: refused, or reset by the kernel when it had queued the
        // connection just before the listener closed. Nothing may have gone wrong in what the proxy had taken.
        Assert.DoesNotContain(proxy.Log, static l => l.Contains("msg=connection", StringComparison.Ordinal)
            && !l.Contains("reason=finished", StringComparison.Ordinal));
        Assert.Equal(1, load.WaitForExit());
        JsonElement report = JsonDocument.Parse(string.Join('\n', load.Lines)).RootElement;
        Assert.Contains(" 0 of ", report.GetProperty("first_fault").GetString(), StringComparison.Ordinal);
        backend.Process.Send(Signal.Terminate);
        backend.Process.WaitForExit();
        JsonElement served = JsonDocument.Parse(string.Join('\n', backend.Process.Lines.Skip(1))).RootElement;
        Assert.Equal(0, served.GetProperty("wrong").GetInt64());
        Assert.True(served.GetProperty("right").GetInt64() >= 100);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Termination_WhenTheTimeoutPasses_ClosesTheRest(string io)
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", backend.Port), ("IO", io), ("SHUTDOWN_TIMEOUT_SECS", "0.3"), ("LOG_CONNECTIONS", "all"));
        using Socket client = Wire.Connect(proxy.Client);
        Assert.Equal("sa-1", client.ReadLine());
        proxy.Send(Signal.Terminate);
        client.AssertReset();
        Assert.Equal(0, proxy.WaitForExit());
        Assert.Contains(proxy.Log, static l => l.Contains("closing what is left", StringComparison.Ordinal));
        Assert.Contains(proxy.Log, static l => l.Contains("reason=drained", StringComparison.Ordinal));
        Assert.Empty(proxy.Errors());
    }

    [Theory]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Interrupt)]
    public void Signal_WhenItComesTwice_EndsAtOnce(Signal signal)
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.Port), ("SHUTDOWN_TIMEOUT_SECS", "3600"));
        using Socket client = Wire.Connect(proxy.Client);
        Assert.Equal("sa-1", client.ReadLine());
        proxy.Send(signal);
        proxy.WaitFor("msg=draining");
        proxy.Send(signal);
        client.AssertReset();
        Assert.Equal(0, proxy.WaitForExit());
        Assert.Empty(proxy.Errors());
    }

    [Fact]
    public void HangUp_WhenSent_LooksAtTheFilesNow()
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.Port), ("DB_RELOAD_SECS", "3600"));
        double before = proxy.Metric("edgeproxy_reloads_total{file=\"table\",result=\"applied\"}");
        proxy.Send(Signal.HangUp);
        Patience.Until(() => proxy.Metric("edgeproxy_reloads_total{file=\"table\",result=\"applied\"}") > before, "a reload");
        Assert.Equal("sa-1", Wire.Ask(proxy.Client, "\n"));
        proxy.End();
    }
}
