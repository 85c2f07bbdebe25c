using EdgeProxy.Linux;
using EdgeProxy.Telemetry;

namespace EdgeProxy.ControlPlane;

/// <summary>What the loops count: connections, bytes, endings, shortages, how busy each is.</summary>
internal sealed class LoopMetrics(ControlPlaneSources sources)
{
    private static readonly MetricFamily s_connections = new(
        "edge_connections_total", MetricType.Counter, "Client connections accepted.");

    private static readonly MetricFamily s_current = new(
        "edge_connections_current", MetricType.Gauge, "Client connections open now.");

    private static readonly MetricFamily s_regionConnections = new(
        "edgeproxy_connections_total", MetricType.Counter, "Client connections accepted, by this POP's region.",
        "region");

    private static readonly MetricFamily s_regionActive = new(
        "edgeproxy_connections_active", MetricType.Gauge, "Client connections open now, by this POP's region.",
        "region");

    private static readonly MetricFamily s_regionErrors = new(
        "edgeproxy_connection_errors_total", MetricType.Counter,
        "Client connections that were not served (the sum of the closed_total reasons that say so), by this POP's region.",
        "region");

    private static readonly MetricFamily s_sent = new(
        "edgeproxy_bytes_sent_total", MetricType.Counter, "Bytes relayed to clients, by this POP's region.", "region");

    private static readonly MetricFamily s_received = new(
        "edgeproxy_bytes_received_total", MetricType.Counter, "Bytes relayed from clients, by this POP's region.",
        "region");

    private static readonly MetricFamily s_closed = new(
        "edgeproxy_connections_closed_total", MetricType.Counter, "Connections ended, by reason (docs/reference/close-reasons.md).",
        "reason");

    private static readonly MetricFamily s_max = new(
        "edgeproxy_connections_max", MetricType.Gauge, "Connections this process takes at most.");

    private static readonly MetricFamily s_attempts = new(
        "edgeproxy_connect_attempts_total", MetricType.Counter, "Attempts to connect to a backend.");

    private static readonly MetricFamily s_failures = new(
        "edgeproxy_connect_failures_total", MetricType.Counter, "Attempts to connect to a backend that failed.");

    private static readonly MetricFamily s_spliced = new(
        "edgeproxy_bytes_spliced_total", MetricType.Counter, "Bytes relayed inside the kernel, never copied to user space.");

    private static readonly MetricFamily s_copied = new(
        "edgeproxy_bytes_copied_total", MetricType.Counter, "Bytes relayed through a buffer.");

    private static readonly MetricFamily s_pauses = new(
        "edgeproxy_accept_pauses_total", MetricType.Counter,
        "Times accepting paused, by cause: shortage (descriptors or memory) or cap (the most connections are open).",
        "cause");

    private static readonly MetricFamily s_acceptFailures = new(
        "edgeproxy_accept_failures_total", MetricType.Counter,
        "Accepts that failed for another reason than shortage; the log names the error.");

    private static readonly MetricFamily s_shortages = new(
        "edgeproxy_shortages_total", MetricType.Counter,
        "Times a relay had to do without, by what: buffer (a receive waited) or pipe (a bulk flow went on copying).",
        "what");

    private static readonly MetricFamily s_pipes = new(
        "edgeproxy_pipes_current", MetricType.Gauge, "Pipes open for splicing.");

    private static readonly MetricFamily s_buffers = new(
        "edgeproxy_buffers_current", MetricType.Gauge, "Buffers that hold bytes in hand.");

    private static readonly MetricFamily s_glitches = new(
        "edgeproxy_glitches_total", MetricType.Counter, "Odd but survivable events; each is worth a report.");

    private static readonly MetricFamily s_engine = new(
        "edgeproxy_io_engine_info", MetricType.Gauge, "The I/O engine the loops run on; always 1.", "engine");

    private static readonly MetricFamily s_turns = new(
        "edgeproxy_loop_turns_total", MetricType.Counter, "Turns of each loop.", "loop");

    private static readonly MetricFamily s_busy = new(
        "edgeproxy_loop_busy_seconds_total", MetricType.Counter,
        "Time each loop worked rather than waited; its rate is the loop's busy share, 0 to 1.", "loop");

    private static readonly MetricFamily s_allocated = new(
        "edgeproxy_loop_allocated_bytes_total", MetricType.Counter, "Managed bytes each loop allocated; still in steady state.",
        "loop");

    private const double NsPerSecond = 1e9;

    private static readonly Words<CloseReason> s_reasons = new();
    private static readonly Words<IoEngine> s_engines = new();

    private readonly LoopTotals _totals = new();

    /// <summary>In the order in which they are written.</summary>
    public static IReadOnlyList<MetricFamily> Families =>
    [
        s_connections, s_current, s_regionConnections, s_regionActive, s_regionErrors, s_sent, s_received, s_closed,
        s_max, s_attempts, s_failures, s_spliced, s_copied, s_pauses, s_acceptFailures, s_shortages, s_pipes, s_buffers,
        s_glitches, s_engine, s_turns, s_busy, s_allocated,
    ];

    public void Write(MetricsText text, ReadOnlySpan<char> popRegion)
    {
        _totals.Sum(sources.Loops);
        text.Single(s_connections, _totals.Accepted);
        text.Single(s_current, _totals.ConnectionsCurrent);
        Region(text, s_regionConnections, popRegion, _totals.Accepted);
        Region(text, s_regionActive, popRegion, _totals.ConnectionsCurrent);
        Region(text, s_regionErrors, popRegion, _totals.Unserved);
        Region(text, s_sent, popRegion, _totals.DownloadBytes);
        Region(text, s_received, popRegion, _totals.UploadBytes);
        WriteReasons(text);
        text.Single(s_max, sources.ConnectionsMax);
        text.Single(s_attempts, _totals.ConnectAttempts);
        text.Single(s_failures, _totals.ConnectFailures);
        text.Single(s_spliced, _totals.SplicedBytes);
        text.Single(s_copied, _totals.CopiedBytes);
        Pair(text, s_pauses, "cause"u8, "shortage"u8, _totals.AcceptPauses, "cap"u8, _totals.CapPauses);
        text.Single(s_acceptFailures, _totals.AcceptFailures);
        Pair(text, s_shortages, "what"u8, "buffer"u8, _totals.BufferShortages, "pipe"u8, _totals.PipeShortages);
        text.Single(s_pipes, _totals.PipesCurrent);
        text.Single(s_buffers, _totals.BuffersUsedCurrent);
        text.Single(s_glitches, _totals.Glitches);
        text.Family(s_engine);
        text.Begin(s_engine);
        text.First("engine"u8, s_engines[(int)sources.Engine]);
        text.Labelled(1);
        WriteLoops(text);
    }

    private void WriteReasons(MetricsText text)
    {
        text.Family(s_closed);
        for (int reason = 0; reason < s_reasons.Count; reason++)
        {
            text.Begin(s_closed);
            text.First("reason"u8, s_reasons[reason]);
            text.Labelled(_totals.Closed((CloseReason)reason));
        }
    }

    private void WriteLoops(MetricsText text)
    {
        IReadOnlyList<LoopCounters> loops = sources.Loops;
        text.Family(s_turns);
        for (int i = 0; i < loops.Count; i++) { Loop(text, s_turns, i).Labelled(Volatile.Read(ref loops[i].Turns)); }
        text.Family(s_busy);
        for (int i = 0; i < loops.Count; i++)
        {
            Loop(text, s_busy, i).Labelled(Volatile.Read(ref loops[i].BusyNs) / NsPerSecond);
        }

        text.Family(s_allocated);
        for (int i = 0; i < loops.Count; i++)
        {
            Loop(text, s_allocated, i).Labelled(Volatile.Read(ref loops[i].AllocatedBytes));
        }
    }

    private static MetricsText Loop(MetricsText text, MetricFamily family, int loop)
    {
        text.Begin(family);
        text.First("loop"u8, loop);
        return text;
    }

    private static void Region(MetricsText text, MetricFamily family, ReadOnlySpan<char> region, long value)
    {
        text.Family(family);
        text.Begin(family);
        text.First("region"u8, region);
        text.Labelled(value);
    }

    private static void Pair(
        MetricsText text, MetricFamily family, ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> one, long oneValue, ReadOnlySpan<byte> other, long otherValue)
    {
        text.Family(family);
        text.Begin(family);
        text.First(label, one);
        text.Labelled(oneValue);
        text.Begin(family);
        text.First(label, other);
        text.Labelled(otherValue);
    }
}
