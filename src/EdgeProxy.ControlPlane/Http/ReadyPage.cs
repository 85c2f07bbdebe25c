using System.Text.Json;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// /ready: whether new clients are served well here. Only what this process cannot serve around makes it not ready
/// (draining, a loop that does not turn, a listener that is not open, no backend at all). An unreadable file does not:
/// the last good state serves on, and a bad file sent to every POP must not take every POP out of rotation. It is shown
/// as a warning, and so is a tunnel that did not start: backends that are reached by plain TCP are served without it.
/// </summary>
internal sealed class ReadyPage(ControlPlaneSources sources, ReloadStatus reloads)
{
    /// <summary>A loop that has been in one turn for this long is stuck.</summary>
    private const long StuckNs = 1_000_000_000;

    private static readonly Words<IoEngine> s_engines = new();

    public bool IsReady => !sources.IsDraining() && sources.Router.Tables.Current.BackendCount > 0
        && StuckLoop() < 0 && sources.ListenerProblems().Count == 0;

    public void Write(PageBuffer page, bool ready)
    {
        RoutingTable table = sources.Router.Tables.Current;
        using Utf8JsonWriter json = new(page);
        json.WriteStartObject();
        WriteVerdict(json, ready);
        json.WriteString("engine"u8, s_engines[(int)sources.Engine]);
        WriteTable(json, table, reloads);
        WriteGeo(json, sources.Router.Geo.Current, reloads);
        TunnelJson.Write(json, sources.Tunnel, table.Peers, WallClock.ReadUnixNs());
        json.WriteEndObject();
    }

    /// <summary>Ready or not, why not, and what is served around; the admin socket shows the same.</summary>
    public void WriteVerdict(Utf8JsonWriter json, bool ready)
    {
        json.WriteBoolean("ready"u8, ready);
        WriteReasons(json, sources.Router.Tables.Current);
        WriteWarnings(json);
        json.WriteBoolean("draining"u8, sources.IsDraining());
    }

    /// <summary>The table in use and how fresh it is; the admin socket shows the same.</summary>
    public static void WriteTable(Utf8JsonWriter json, RoutingTable table, ReloadStatus reloads)
    {
        json.WriteStartObject("table"u8);
        json.WriteNumber("version"u8, table.Version);
        json.WriteNumber("backends"u8, table.BackendCount);
        json.WriteNumber("apps"u8, table.Apps.Count);
        json.WriteNumber("age_secs"u8, Math.Round(reloads.Table.AgeSeconds, 3));
        json.WriteNumber("row_problems"u8, reloads.Problems.Count);
        json.WriteString("last_error"u8, reloads.Table.Error);
        json.WriteEndObject();
    }

    /// <summary>The geo data in use; the admin socket shows the same.</summary>
    public static void WriteGeo(Utf8JsonWriter json, GeoTable geo, ReloadStatus reloads)
    {
        json.WriteStartObject("geo"u8);
        json.WriteString("source"u8, geo.Source);
        json.WriteString("date"u8, IsoDay.Text(geo.BuiltAt));
        json.WriteNumber("ranges"u8, geo.RangeCount);
        json.WriteNumber("age_secs"u8, reloads.FollowsGeo ? Math.Round(reloads.Geo.AgeSeconds, 3) : 0);
        json.WriteString("last_error"u8, reloads.Geo.Error);
        json.WriteEndObject();
    }

    private void WriteReasons(Utf8JsonWriter json, RoutingTable table)
    {
        json.WriteStartArray("reasons"u8);
        if (sources.IsDraining()) { json.WriteStringValue("draining: the process has been told to end"u8); }
        if (table.BackendCount == 0) { json.WriteStringValue("no backends: the routing table is empty"u8); }
        int stuck = StuckLoop();
        if (stuck >= 0) { json.WriteStringValue($"loop {stuck} has been in one turn for over a second"); }
        foreach (string problem in sources.ListenerProblems()) { json.WriteStringValue(problem); }
        json.WriteEndArray();
    }

    private void WriteWarnings(Utf8JsonWriter json)
    {
        json.WriteStartArray("warnings"u8);
        if (reloads.Table.Error is { } table) { json.WriteStringValue($"the last good routing table is in use: {table}"); }
        if (reloads.Geo.Error is { } geo)
        {
            json.WriteStringValue($"the geo file cannot be used, {sources.Router.Geo.Current.Source} is in use: {geo}");
        }

        if (sources.Tunnel is { Device: null } tunnel)
        {
            json.WriteStringValue($"there is no tunnel: {tunnel.Problem}");
        }

        if (reloads.Problems.Count > 0) { json.WriteStringValue($"{reloads.Problems.Count} bad rows in routing.db; see edgeproxy status"); }
        json.WriteEndArray();
    }

    /// <returns>The number of a loop that does not turn, -1 when all do.</returns>
    private int StuckLoop()
    {
        long now = MonotonicClock.ReadNs();
        IReadOnlyList<LoopCounters> loops = sources.Loops;
        for (int i = 0; i < loops.Count; i++)
        {
            long started = Volatile.Read(ref loops[i].TurnStartedNs);
            if (started != 0 && now - started > StuckNs) { return i; }
        }

        return -1;
    }
}
