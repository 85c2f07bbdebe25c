using System.Text.Json;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.ControlPlane;

/// <summary>The answer to <c>status</c>: what an operator looks at first.</summary>
internal sealed class StatusAnswer(
    ControlPlaneSources sources, ReloadStatus reloads, ReadyPage ready, LogThread log, string version, TimeProvider time)
{
    private static readonly Words<IoEngine> s_engines = new();
    private static readonly Words<CloseReason> s_reasons = new();

    private readonly long _started = time.GetTimestamp();
    private readonly LoopTotals _totals = new();

    public void WriteFields(Utf8JsonWriter json)
    {
        RoutingTable table = sources.Router.Tables.Current;
        json.WriteString("version"u8, version);
        json.WriteNumber("pid"u8, Environment.ProcessId);
        json.WriteNumber("uptime_secs"u8, (long)time.GetElapsedTime(_started).TotalSeconds);
        json.WriteString("engine"u8, s_engines[(int)sources.Engine]);
        json.WriteString("pop_region"u8, table.Regions.Name(table.PopRegion));
        ready.WriteVerdict(json, ready.IsReady);
        WriteConnections(json);
        WriteLoops(json);
        ReadyPage.WriteTable(json, table, reloads);
        ReadyPage.WriteGeo(json, sources.Router.Geo.Current, reloads);
        TunnelJson.Write(json, sources.Tunnel, table.Peers, WallClock.ReadUnixNs());
        WriteProblems(json);
        WriteListeners(json, table);
        json.WriteNumber("bindings"u8, sources.Router.Bindings.Count);
        json.WriteNumber("log_lines_dropped"u8, log.EventsDropped + log.ConnectionsDropped);
    }

    private void WriteConnections(Utf8JsonWriter json)
    {
        _totals.Sum(sources.Loops);
        json.WriteStartObject("connections"u8);
        json.WriteNumber("current"u8, _totals.ConnectionsCurrent);
        json.WriteNumber("max"u8, sources.ConnectionsMax);
        json.WriteNumber("total"u8, _totals.Accepted);
        json.WriteNumber("unserved"u8, _totals.Unserved);
        json.WriteNumber("upload_bytes"u8, _totals.UploadBytes);
        json.WriteNumber("download_bytes"u8, _totals.DownloadBytes);
        json.WriteStartObject("closed"u8);
        for (int reason = 0; reason < s_reasons.Count; reason++)
        {
            long closed = _totals.Closed((CloseReason)reason);
            if (closed > 0) { json.WriteNumber(s_reasons[reason], closed); }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteLoops(Utf8JsonWriter json)
    {
        json.WriteStartArray("loops"u8);
        foreach (LoopCounters loop in sources.Loops)
        {
            json.WriteStartObject();
            json.WriteNumber("connections"u8, Volatile.Read(ref loop.ConnectionsCurrent));
            json.WriteNumber("accepted"u8, Volatile.Read(ref loop.Accepted));
            json.WriteNumber("busy_secs"u8, Math.Round(Volatile.Read(ref loop.BusyNs) / 1e9, 3));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteProblems(Utf8JsonWriter json)
    {
        json.WriteStartArray("row_problems"u8);
        foreach (RowProblem problem in reloads.Problems)
        {
            json.WriteStartObject();
            json.WriteString("table"u8, problem.Table);
            json.WriteString("row"u8, problem.Row);
            json.WriteString("column"u8, problem.Column);
            json.WriteString("value"u8, problem.Value);
            json.WriteString("problem"u8, problem.Problem);
            json.WriteString("cure"u8, problem.Cure);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteListeners(Utf8JsonWriter json, RoutingTable table)
    {
        json.WriteStartArray("apps"u8);
        foreach (App app in table.Apps)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, app.Name);
            json.WriteStartArray("listeners"u8);
            foreach (IpEndpoint listener in app.Listeners) { json.WriteStringValue(listener.ToString()); }
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
