using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.ControlPlane.Tests;

public sealed class LogThreadTests
{
    [Fact]
    public void Write_WhenTheThreadRuns_ReachesTheReader()
    {
        using Pipe events = new();
        using EventLog log = new(LogLevel.Info, LogFormat.Logfmt);
        LogThread thread = new(log, new ConnectionLog(ConnectionLogMode.Off, LogFormat.Logfmt), events.Writer, Fd.None);
        thread.Start();
        log.Begin(LogLevel.Warn, "descriptors are short").With("used", 900).With("file", "a b").With("none", null).Write();
        string line = events.ReadUntil("\n");
        Assert.Matches("^ts=[^ ]+Z level=warn msg=\"descriptors are short\" used=900 file=\"a b\"\n$", line);
        thread.Stop();
    }

    [Fact]
    public void Begin_WhenBelowTheLevel_WritesNothing()
    {
        using EventLog log = new(LogLevel.Warn, LogFormat.Logfmt);
        log.Begin(LogLevel.Info, "quiet").With("key", 1).With("word", "text").Write();
        log.Write(LogLevel.Debug, "quieter");
        Assert.Equal(0, log.Queue.Take(new byte[64]));
    }

    [Fact]
    public void Stop_WhenLinesWait_WritesThemFirst()
    {
        using Pipe events = new();
        using EventLog log = new(LogLevel.Debug, LogFormat.Json);
        LogThread thread = new(log, new ConnectionLog(ConnectionLogMode.Off, LogFormat.Json), events.Writer, Fd.None);
        for (int i = 0; i < 100; i++) { log.Begin(LogLevel.Debug, "counting").With("i", i).Write(); }
        thread.Start();
        thread.Stop();
        events.CloseWriter();
        Assert.Equal(100, events.ReadToEnd().Count(static c => c == '\n'));
        Assert.Equal(0, thread.EventsDropped);
    }

    [Fact]
    public void Stop_WhenTheReaderIsStuck_EndsAnywayAndCountsWhatWasLost()
    {
        using Pipe connections = new();
        using EventLog log = new(LogLevel.Debug, LogFormat.Logfmt);
        ConnectionLog records = new(ConnectionLogMode.All, LogFormat.Logfmt);
        RecordRing ring = new(4_096);
        records.Attach([ring], new ConnectionNames(new AppIds(), new BackendSlots()));
        LogThread thread = new(log, records, Fd.None, connections.Writer);
        thread.Start();
        long written = 0;
        while (thread.ConnectionsDropped == 0)
        {
            if (ring.TryWrite(new ConnectionRecord { BackendSlot = -1 })) { written++; }
        }

        thread.Stop();
        Assert.InRange(thread.ConnectionsDropped, 1, written + ring.Dropped);
    }
}
