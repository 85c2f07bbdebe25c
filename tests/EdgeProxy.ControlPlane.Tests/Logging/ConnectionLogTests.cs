using System.Text;
using System.Text.Json;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.ControlPlane.Tests;

public sealed class ConnectionLogTests
{
    [Fact]
    public void Write_WhenLogfmt_CarriesEveryField()
    {
        const string Expected = "ts=2026-01-02T03:04:05.678Z msg=connection client=203.0.113.7:40000 peer=192.0.2.1:1234 "
            + "country=BR app=web backend=sa-1 bound=1 attempts=2 upload_bytes=10 download_bytes=20 wait_us=30 "
            + "connect_us=40 total_us=50 ended_by=backend phase=half_closed reason=backend_reset errno=ECONNRESET\n";
        Assert.Equal(Expected, Line(LogFormat.Logfmt, Record(), "BR", "web", "sa-1"));
    }

    [Fact]
    public void Write_WhenJson_CarriesTheSameFields()
    {
        using JsonDocument json = JsonDocument.Parse(Line(LogFormat.Json, Record(), "BR", "web", "sa-1"));
        string[] logfmtKeys =
        [
            .. Line(LogFormat.Logfmt, Record(), "BR", "web", "sa-1").Split(' ').Select(static field => field.Split('=')[0]),
        ];
        Assert.Equal(logfmtKeys, json.RootElement.EnumerateObject().Select(static p => p.Name), StringComparer.Ordinal);
        Assert.Equal(2, json.RootElement.GetProperty("attempts").GetInt32());
    }

    [Fact]
    public void Write_WhenLittleIsKnown_LeavesOutWhatSaysNothing()
    {
        ConnectionRecord record = Record();
        record.Peer = record.Client;
        record.LastErrno = 0;
        record.FromBinding = false;
        string line = Line(LogFormat.Logfmt, record, "", "", "");
        foreach (string key in new[] { "peer=", "country=", "app=", "backend=", "bound=", "errno=" })
        {
            Assert.DoesNotContain(" " + key, line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Drain_WhenSampled_KeepsEveryUnusualEndAndOneInAHundredOfTheRest()
    {
        ConnectionLog log = new(ConnectionLogMode.Sampled, LogFormat.Logfmt);
        RecordRing ring = new(1_024);
        log.Attach([ring], new ConnectionNames(new AppIds(), new BackendSlots()));
        for (int i = 0; i < 1_000; i++)
        {
            CloseReason reason = i % 50 == 0 ? CloseReason.ConnectFailed : CloseReason.Finished;
            Assert.True(ring.TryWrite(new ConnectionRecord { Reason = reason, BackendSlot = -1 }));
        }

        using Pipe pipe = new();
        LogSink sink = new(pipe.Writer);
        Assert.Equal(1_000, log.Drain(sink));
        sink.Flush();
        pipe.CloseWriter();
        string[] lines = pipe.ReadToEnd().TrimEnd('\n').Split('\n');
        Assert.Equal(20, lines.Count(static l => l.Contains("reason=connect_failed", StringComparison.Ordinal)));
        Assert.Equal(10, lines.Count(static l => l.Contains("reason=finished", StringComparison.Ordinal)));
    }

    [Fact]
    public void Drain_WhenOff_LeavesTheRingsAlone()
    {
        ConnectionLog log = new(ConnectionLogMode.Off, LogFormat.Logfmt);
        RecordRing ring = new(4);
        ring.TryWrite(default);
        log.Attach([ring], new ConnectionNames(new AppIds(), new BackendSlots()));
        Assert.Equal(0, log.Drain(new LogSink(Fd.None)));
        Assert.False(log.IsOn);
    }

    [Fact]
    public void Drain_WhenEveryConnectionIsLogged_AllocatesNothing()
    {
        ConnectionLog log = new(ConnectionLogMode.All, LogFormat.Logfmt);
        RecordRing ring = new(1_024);
        log.Attach([ring], new ConnectionNames(new AppIds(), new BackendSlots()));
        using Pipe pipe = new();
        LogSink sink = new(pipe.Writer);
        long allocated = long.MaxValue;
        for (int round = 0; round < 3; round++) // The first rounds make what is made once.
        {
            for (int i = 0; i < 100; i++) { ring.TryWrite(Record()); }
            long before = GC.GetAllocatedBytesForCurrentThread();
            log.Drain(sink);
            sink.Flush();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private static string Line(LogFormat format, in ConnectionRecord record, string country, string app, string backend)
    {
        LineBuilder line = new(new byte[LineBuilder.LineBytesMax], format);
        byte[] countryBytes = Encoding.ASCII.GetBytes(country);
        return Encoding.UTF8.GetString(
            ConnectionLine.Write(ref line, record, countryBytes, app, Encoding.UTF8.GetBytes(backend)));
    }

    private static ConnectionRecord Record()
    {
        Assert.True(IpEndpoint.TryParse("203.0.113.7:40000", out IpEndpoint client));
        Assert.True(IpEndpoint.TryParse("192.0.2.1:1234", out IpEndpoint peer));
        return new ConnectionRecord
        {
            ClosedAtUnixMs = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero).ToUnixTimeMilliseconds(),
            Client = client,
            Peer = peer,
            BackendSlot = -1,
            FromBinding = true,
            Attempts = 2,
            UploadBytes = 10,
            DownloadBytes = 20,
            WaitUs = 30,
            ConnectUs = 40,
            TotalUs = 50,
            EndedBy = EndedBy.Backend,
            Phase = ConnectionPhase.HalfClosed,
            Reason = CloseReason.BackendReset,
            LastErrno = (ushort)Errno.ECONNRESET,
        };
    }
}
