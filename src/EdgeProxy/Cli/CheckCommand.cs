using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary><c>edgeproxy check</c>: whether settings, routing table and geo data would serve.</summary>
internal static class CheckCommand
{
    public static Command Command { get; } = new("check", "Check settings, routing table and geo data.")
    {
        Details = "Ends with 0 when all is well, 4 when rows are bad or the geo file cannot be used, 1 when the proxy could not "
            + "start. Changes nothing.",
        Flags = [CommandFlag.Json],
        TakesSettings = true,
        Examples = ["edgeproxy check", "edgeproxy check --db-path new.db && mv new.db routing.db"],
        Run = Run,
    };

    private static ExitCode Run(Invocation call)
    {
        using FilesOnly files = new(call.Options);
        if (call.Json) { WriteJson(call, files); }
        else { WriteText(call, files); }
        return files.First.Table is null || files.TunnelProblem is not null ? ExitCode.Failed
            : files.RowProblems.Count > 0 || files.First.GeoProblem is not null ? ExitCode.Problems
            : ExitCode.Done;
    }

    private static void WriteText(Invocation call, FilesOnly files)
    {
        if (files.First.Problem is { } problem) { call.Terminal.Complain(problem, ""); }
        if (files.First.GeoProblem is { } geoProblem) { call.Terminal.Complain(geoProblem, ""); }
        if (files.TunnelProblem is { } tunnelProblem) { call.Terminal.Complain(tunnelProblem, ""); }
        foreach (RowProblem bad in files.RowProblems)
        {
            call.Terminal.Complain(
                $"{call.Options.DbPath.Value}: {bad.Table} '{bad.Row}', column {bad.Column}, value '{bad.Value}': {bad.Problem}", bad.Cure);
        }

        if (files.First.Table is not { } table) { return; }
        call.Out.WriteLine($"settings: {CountSet(call.Options)} set, the rest by default");
        call.Out.WriteLine($"routing table: {table.Apps.Count} apps, {table.BackendCount} backends, {files.RowProblems.Count} bad rows");
        call.Out.WriteLine($"peers: {table.Peers.Peers.Count}");
        call.Out.WriteLine($"geo data: {files.First.Geo.Source}, {files.First.Geo.RangeCount} ranges");
    }

    private static int CountSet(Options options)
    {
        int count = 0;
        foreach (Setting setting in options.All)
        {
            if (setting.Source.Origin != SettingOrigin.Default) { count++; }
        }

        return count;
    }

    private static void WriteJson(Invocation call, FilesOnly files) => call.Terminal.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("can_start", files.First.Table is not null && files.TunnelProblem is null);
        json.WriteString("problem", files.First.Problem);
        json.WriteNumber("backends", files.First.Table?.BackendCount ?? 0);
        json.WriteNumber("apps", files.First.Table?.Apps.Count ?? 0);
        json.WriteNumber("peers", files.First.Table?.Peers.Peers.Count ?? 0);
        json.WriteString("wireguard_problem", files.TunnelProblem);
        json.WriteString("geo_problem", files.First.GeoProblem);
        json.WriteString("geo", files.First.Geo.Source);
        json.WriteNumber("geo_ranges", files.First.Geo.RangeCount);
        json.WriteStartArray("rows");
        foreach (RowProblem bad in files.RowProblems)
        {
            json.WriteStartObject();
            json.WriteString("table", bad.Table);
            json.WriteString("row", bad.Row);
            json.WriteString("column", bad.Column);
            json.WriteString("value", bad.Value);
            json.WriteString("problem", bad.Problem);
            json.WriteString("cure", bad.Cure);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
