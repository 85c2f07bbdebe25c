using System.Net.Sockets;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>How connections end: each side sees what it would have seen without a proxy between.</summary>
public sealed class EndingTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Client_WhenItFinishesFirst_StillGetsTheWholeAnswer(string io)
    {
        using ManualBackend backend = new();
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.Port), ("IO", io));
        using (Socket client = Wire.Connect(proxy.Client))
        {
            client.Write("question");
            client.Shutdown(SocketShutdown.Send);
            using Socket server = backend.Accept();
            Assert.Equal("question", server.ReadToEnd());
            string answer = new('a', 3_000_000);
            Task writing = Task.Run(() =>
            {
                server.Write(answer);
                server.Shutdown(SocketShutdown.Send);
            });
            Assert.Equal(answer, client.ReadToEnd());
            await writing;
        }

        Patience.Until(() => proxy.Closed("finished").Equals(1), "a connection that finished");
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Backend_WhenItFinishesFirst_StillGetsTheWholeUpload(string io)
    {
        using ManualBackend backend = new();
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.Port), ("IO", io));
        using (Socket client = Wire.Connect(proxy.Client))
        {
            using Socket server = backend.Accept();
            server.Write("bye");
            server.Shutdown(SocketShutdown.Send);
            Assert.Equal("bye", client.ReadToEnd());
            string upload = new('u', 3_000_000);
            Task writing = Task.Run(() =>
            {
                client.Write(upload);
                client.Shutdown(SocketShutdown.Send);
            });
            Assert.Equal(upload, server.ReadToEnd());
            await writing;
        }

        Patience.Until(() => proxy.Closed("finished").Equals(1), "a connection that finished");
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Client_WhenItResets_ResetsTheBackend(string io)
    {
        using ManualBackend backend = new();
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.Port), ("IO", io));
        Socket client = Wire.Connect(proxy.Client);
        client.Write("half a quest");
        using Socket server = backend.Accept();
        server.ReadExactly("half a quest".Length);
        client.Reset();
        server.AssertReset();
        Patience.Until(() => proxy.Closed("client_reset").Equals(1), "a connection reset by its client");
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Backend_WhenItResets_ResetsTheClientAfterItsBytes(string io)
    {
        using ManualBackend backend = new();
        using ProxyProcess proxy = ProxyProcess.Start(Rows.Backend("sa-1", "sa", backend.Port), ("IO", io));
        using Socket client = Wire.Connect(proxy.Client);
        Socket server = backend.Accept();
        server.Write("truncat");
        Assert.Equal("truncat"u8.ToArray(), client.ReadExactly("truncat".Length));
        server.Reset();
        client.AssertReset();
        Patience.Until(() => proxy.Closed("backend_reset").Equals(1), "a connection reset by its backend");
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Connection_WhenNothingMoves_EndsAtTheIdleTimeout(string io)
    {
        using ManualBackend backend = new();
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", backend.Port), ("IO", io), ("IDLE_TIMEOUT_SECS", "0.3"), ("LOG_CONNECTIONS", "all"));
        using Socket client = Wire.Connect(proxy.Client);
        using Socket server = backend.Accept();
        client.AssertReset();
        server.AssertReset();
        Assert.Contains("ended_by=proxy", proxy.WaitFor("reason=idle_timeout"), StringComparison.Ordinal);
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Connection_WhenOneSideFinishedAndTheOtherIsSilent_EndsAtTheHalfClosedTimeout(string io)
    {
        using ManualBackend backend = new();
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", backend.Port), ("IO", io), ("HALF_CLOSED_TIMEOUT_SECS", "0.3"));
        using Socket client = Wire.Connect(proxy.Client);
        client.Shutdown(SocketShutdown.Send);
        using Socket server = backend.Accept();
        server.AssertFinished();
        client.AssertReset();
        Patience.Until(() => proxy.Closed("half_closed_timeout").Equals(1), "a connection closed by the half-closed timeout");
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Connection_WhenBusyForItsWholeLifetime_EndsAtIt(string io)
    {
        using NamedBackend backend = new("sa-1");
        using ProxyProcess proxy = ProxyProcess.Start(
            Rows.Backend("sa-1", "sa", backend.Port), ("IO", io), ("LIFETIME_SECS", "0.5"));
        using Socket client = Wire.Connect(proxy.Client);
        Assert.Equal("sa-1", client.ReadLine());
        Assert.Throws<SocketException>((Action)(() =>
        {
            while (true)
            {
                client.Write("x");
                client.ReadExactly(1);
            }
        }));
        Patience.Until(() => proxy.Closed("lifetime_reached").Equals(1), "a connection at the end of its lifetime");
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Client_WhenNothingCanServe_IsReset(string io)
    {
        using ProxyProcess proxy = ProxyProcess.Start("SELECT 1", ("IO", io));
        using Socket client = Wire.Connect(proxy.Client);
        client.AssertReset();
        Assert.Equal(1, proxy.Closed("no_backend"));
        proxy.End();
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public void Client_WhenNothingCanServeAndResetsAreOff_SeesAPlainEnd(string io)
    {
        using ProxyProcess proxy = ProxyProcess.Start("SELECT 1", ("IO", io), ("RESET_UNSERVED", "false"));
        using Socket client = Wire.Connect(proxy.Client);
        client.AssertFinished();
        proxy.End();
    }
}
