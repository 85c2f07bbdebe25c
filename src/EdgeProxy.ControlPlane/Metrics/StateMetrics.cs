using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>The state the loops route by: table, geo data, bindings, and what following the files came to.</summary>
internal sealed class StateMetrics(ReloadStatus reloads, BindingTable bindings, LogThread log)
{
    private static readonly MetricFamily s_version = new(
        "edgeproxy_table_version", MetricType.Gauge, "Number of the routing table in use; counts up with every change of routing.db.");

    private static readonly MetricFamily s_tableAge = new(
        "edgeproxy_table_age_seconds", MetricType.Gauge,
        "Time since the table in use was last known to be what routing.db says; grows while the file cannot be read.");

    private static readonly MetricFamily s_tableChanged = new(
        "edgeproxy_table_changed_timestamp_seconds", MetricType.Gauge, "When the table in use was put to use, in Unix time.");

    private static readonly MetricFamily s_backends = new(
        "edgeproxy_table_backends", MetricType.Gauge, "Backends in the table in use.");

    private static readonly MetricFamily s_apps = new(
        "edgeproxy_table_apps", MetricType.Gauge, "Apps in the table in use.");

    private static readonly MetricFamily s_problems = new(
        "edgeproxy_table_row_problems", MetricType.Gauge,
        "Rows of routing.db that could not be used as they are; the log, status and check name each.");

    private static readonly MetricFamily s_reloads = new(
        "edgeproxy_reloads_total", MetricType.Counter,
        "Changed files taken in, by file (table, geo) and result (applied, partial, failed).", "file", "result");

    private static readonly MetricFamily s_geoAge = new(
        "edgeproxy_geo_age_seconds", MetricType.Gauge,
        "Time since the geo data in use was last known to be what its file says; 0 for the embedded data.");

    private static readonly MetricFamily s_geoBuilt = new(
        "edgeproxy_geo_build_timestamp_seconds", MetricType.Gauge, "The day the geo data was made, in Unix time.");

    private static readonly MetricFamily s_bindings = new(
        "edgeproxy_bindings_current", MetricType.Gauge, "Clients kept on a backend.");

    private static readonly MetricFamily s_bindingsEnded = new(
        "edgeproxy_bindings_ended_total", MetricType.Counter,
        "Bindings that ended, by cause: expired (not used for their time) or evicted (gave way to a newer one).",
        "cause");

    private static readonly MetricFamily s_dropped = new(
        "edgeproxy_log_lines_dropped_total", MetricType.Counter,
        "Log lines lost because the reader of the log was too slow, by log: events or connections.", "log");

    private static readonly Words<ReloadOutcome> s_outcomes = new();

    /// <summary>In the order in which they are written.</summary>
    public static IReadOnlyList<MetricFamily> Families =>
    [
        s_version, s_tableAge, s_tableChanged, s_backends, s_apps, s_problems, s_reloads, s_geoAge, s_geoBuilt,
        s_bindings, s_bindingsEnded, s_dropped,
    ];

    public void Write(MetricsText text, RoutingTable table, GeoTable geo)
    {
        text.Single(s_version, table.Version);
        text.Single(s_tableAge, Math.Round(reloads.Table.AgeSeconds, 3));
        text.Single(s_tableChanged, reloads.Table.ChangedUnixMs / 1_000.0);
        text.Single(s_backends, table.BackendCount);
        text.Single(s_apps, table.Apps.Count);
        text.Single(s_problems, reloads.Problems.Count);
        text.Family(s_reloads);
        WriteOutcomes(text, "table"u8, reloads.Table);
        WriteOutcomes(text, "geo"u8, reloads.Geo);
        text.Single(s_geoAge, reloads.FollowsGeo ? Math.Round(reloads.Geo.AgeSeconds, 3) : 0);
        text.Single(s_geoBuilt, (geo.BuiltAt.ToDateTime(default, DateTimeKind.Utc) - DateTime.UnixEpoch).TotalSeconds);
        text.Single(s_bindings, bindings.Count);
        text.Family(s_bindingsEnded);
        Labelled(text, s_bindingsEnded, "cause"u8, "expired"u8, bindings.Expired);
        Labelled(text, s_bindingsEnded, "cause"u8, "evicted"u8, bindings.Evicted);
        text.Family(s_dropped);
        Labelled(text, s_dropped, "log"u8, "events"u8, log.EventsDropped);
        Labelled(text, s_dropped, "log"u8, "connections"u8, log.ConnectionsDropped);
    }

    private static void WriteOutcomes(MetricsText text, ReadOnlySpan<byte> file, FileStatus status)
    {
        for (int outcome = 0; outcome < s_outcomes.Count; outcome++)
        {
            text.Begin(s_reloads);
            text.First("file"u8, file);
            text.Next("result"u8, s_outcomes[outcome]);
            text.Labelled(status.Count((ReloadOutcome)outcome));
        }
    }

    private static void Labelled(
        MetricsText text, MetricFamily family, ReadOnlySpan<byte> label, ReadOnlySpan<byte> word, long value)
    {
        text.Begin(family);
        text.First(label, word);
        text.Labelled(value);
    }
}
