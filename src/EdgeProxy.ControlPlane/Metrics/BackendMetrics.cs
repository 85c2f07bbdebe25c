using System.Globalization;
using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// What is known of each backend. Those with a latency histogram of their own (the first 1,000 a process sees) have
/// their own series; the rest of a larger table is summed by region under the backend "_other", so a table of a
/// million backends does not make a page of a million series.
/// </summary>
internal sealed class BackendMetrics(BackendSlots slots)
{
    private static readonly MetricFamily s_latencyMs = new(
        "edge_backend_latency_ms", MetricType.Histogram, "Time to connect to a backend, in milliseconds.",
        "region", "backend");

    private static readonly MetricFamily s_active = new(
        "edgeproxy_backend_connections_active", MetricType.Gauge, "Connections a backend carries or is being connected for now.",
        "region", "backend");

    private static readonly MetricFamily s_total = new(
        "edgeproxy_backend_connections_total", MetricType.Counter, "Connections established to a backend.",
        "region", "backend");

    private static readonly MetricFamily s_errors = new(
        "edgeproxy_backend_errors_total", MetricType.Counter, "Attempts to connect to a backend that failed.",
        "region", "backend");

    private static readonly MetricFamily s_received = new(
        "edgeproxy_backend_bytes_received_total", MetricType.Counter, "Bytes a backend sent to clients.",
        "region", "backend");

    private static readonly MetricFamily s_sent = new(
        "edgeproxy_backend_bytes_sent_total", MetricType.Counter, "Bytes sent to a backend for clients.",
        "region", "backend");

    private static readonly MetricFamily s_rtt = new(
        "edgeproxy_backend_rtt_seconds", MetricType.Histogram,
        "Time to connect to a backend, in seconds: one round trip of the network and the backend's accepting.",
        "region", "backend");

    private const double NsPerMs = 1e6;
    private const double NsPerSecond = 1e9;

    private static readonly byte[][] s_boundsMs = Bounds(NsPerMs);
    private static readonly byte[][] s_boundsSeconds = Bounds(NsPerSecond);

    private readonly int[] _own = new int[BackendSlots.OwnLatencyMax];
    private OtherBackends[] _others = new OtherBackends[8];
    private int _ownCount;

    /// <summary>In the order in which they are written.</summary>
    public static IReadOnlyList<MetricFamily> Families =>
    [
        s_latencyMs, s_active, s_total, s_errors, s_received, s_sent, s_rtt,
    ];

    public void Write(MetricsText text, RoutingTable table)
    {
        Gather(table);
        Histogram(text, s_latencyMs, table, s_boundsMs, NsPerMs);
        Numbers(text, s_active, table, static (slots, slot) => slots.Connections(slot), static o => o.Active);
        Numbers(text, s_total, table, static (slots, slot) => slots.Totals(slot).Connections, static o => o.Totals.Connections);
        Numbers(text, s_errors, table, static (slots, slot) => slots.Totals(slot).Errors, static o => o.Totals.Errors);
        Numbers(text, s_received, table, static (slots, slot) => slots.Totals(slot).DownloadBytes, static o => o.Totals.DownloadBytes);
        Numbers(text, s_sent, table, static (slots, slot) => slots.Totals(slot).UploadBytes, static o => o.Totals.UploadBytes);
        Histogram(text, s_rtt, table, s_boundsSeconds, NsPerSecond);
    }

    /// <summary>Parts the table's backends into those with series of their own and the sums of the rest.</summary>
    private void Gather(RoutingTable table)
    {
        _ownCount = 0;
        if (_others.Length < table.Regions.Count) { _others = new OtherBackends[table.Regions.Count]; }
        Array.Clear(_others);
        for (int index = 0; index < table.BackendCount; index++)
        {
            BackendInfo backend = table.Backend(index);
            if (_ownCount < _own.Length && slots.OwnLatency(backend.Slot) is not null) { _own[_ownCount++] = index; }
            else { _others[backend.Region].Add(slots.Connections(backend.Slot), slots.Totals(backend.Slot)); }
        }
    }

    private void Numbers(
        MetricsText text, MetricFamily family, RoutingTable table,
        Func<BackendSlots, int, long> own, Func<OtherBackends, long> other)
    {
        text.Family(family);
        for (int i = 0; i < _ownCount; i++)
        {
            BackendInfo backend = table.Backend(_own[i]);
            text.Begin(family);
            text.First("region"u8, table.Regions.Name(backend.Region));
            text.Next("backend"u8, slots.IdUtf8(backend.Slot));
            text.Labelled(own(slots, backend.Slot));
        }

        for (int region = 0; region < table.Regions.Count; region++)
        {
            if (_others[region].Count == 0) { continue; }
            text.Begin(family);
            text.First("region"u8, table.Regions.Name(region));
            text.Next("backend"u8, "_other"u8);
            text.Labelled(other(_others[region]));
        }
    }

    private void Histogram(MetricsText text, MetricFamily family, RoutingTable table, byte[][] bounds, double unitNs)
    {
        text.Family(family);
        for (int i = 0; i < _ownCount; i++)
        {
            BackendInfo backend = table.Backend(_own[i]);
            if (slots.OwnLatency(backend.Slot) is not { } latency) { continue; } // Taken back since it was gathered.
            Histogram(
                text, family, table.Regions.Name(backend.Region), slots.IdUtf8(backend.Slot), latency, bounds, unitNs);
        }

        if (_ownCount < table.BackendCount)
        {
            Histogram(text, family, "", "_other"u8, slots.OtherLatency, bounds, unitNs);
        }
    }

    private static void Histogram(
        MetricsText text, MetricFamily family, string region, ReadOnlySpan<byte> backend, LatencyHistogram latency,
        byte[][] bounds, double unitNs)
    {
        long count = 0;
        for (int bucket = 0; bucket < bounds.Length; bucket++)
        {
            count += latency.Count(bucket);
            text.Begin(family, "_bucket"u8);
            Labels(text, region, backend);
            text.Next("le"u8, bounds[bucket]);
            text.Labelled(count);
        }

        text.Begin(family, "_sum"u8);
        Labels(text, region, backend);
        text.Labelled(latency.SumNs / unitNs);
        text.Begin(family, "_count"u8);
        Labels(text, region, backend);
        text.Labelled(count);
    }

    private static void Labels(MetricsText text, string region, ReadOnlySpan<byte> backend)
    {
        text.First("region"u8, region);
        text.Next("backend"u8, backend);
    }

    /// <summary>The bounds of the buckets as labels; the last is +Inf.</summary>
    private static byte[][] Bounds(double unitNs)
    {
        byte[][] bounds = new byte[LatencyHistogram.UpperBoundsNs.Length + 1][];
        for (int i = 0; i < bounds.Length - 1; i++)
        {
            double bound = LatencyHistogram.UpperBoundsNs[i] / unitNs;
            bounds[i] = Encoding.ASCII.GetBytes(bound.ToString("0.#########", CultureInfo.InvariantCulture));
        }

        bounds[^1] = "+Inf"u8.ToArray();
        return bounds;
    }
}
