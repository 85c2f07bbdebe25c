using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Storage;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// routing.db as the proxy follows it: each load builds a whole new table beside the one in use; a file that cannot be
/// read changes nothing and says why, once per reason. One thread at a time.
/// </summary>
internal sealed class TableFile(
    ControlPlaneSettings settings, AppIds appIds, BackendSlots slots, ReloadStatus status, EventLog log)
{
    /// <summary>Bad rows named one by one in the log per change; the rest are in <c>edgeproxy status</c>.</summary>
    private const int LoggedRowsMax = 20;

    private readonly RoutingDb _db = new(settings.DbPath, Stamp);
    private IReadOnlyList<RowProblem> _logged = [];
    private bool _copyDue;
    private string? _copyProblem;

    public bool MayHaveChanged() => _db.MayHaveChanged();

    /// <returns>The new table; null when the file cannot be used as a whole, and then <paramref name="previous"/>
    /// stays.</returns>
    public RoutingTable? Load(RoutingTable? previous)
    {
        RoutingTableBuilder builder = new(previous, appIds, slots, settings.RoutingDefaults);
        LoadResult loaded = _db.Load(builder);
        if (loaded.Problem is { } problem) { return Refuse(problem.ToString(), problem.IsTransient); }
        RoutingTable? table = builder.Build(out IReadOnlyList<RowProblem> problems);
        if (table is null) { return Refuse($"{settings.DbPath}: {Sentence(problems[0])}", isTransient: false); }

        status.Problems = problems;
        status.Table.Applied(problems.Count == 0 ? ReloadOutcome.Applied : ReloadOutcome.Partial);
        log.Begin(LogLevel.Info, "routing table in use").With("version", table.Version)
            .With("backends", table.BackendCount).With("apps", table.Apps.Count).With("bad_rows", problems.Count).Write();
        LogRows(problems);
        _copyDue = true;
        return table;
    }

    /// <summary>For a start that finds routing.db unreadable: the copy of when it was good.</summary>
    public RoutingTable? LoadCopy()
    {
        if (settings.LastGoodPath is not { } path || !File.Exists(path)) { return null; }
        RoutingTableBuilder builder = new(null, appIds, slots, settings.RoutingDefaults);
        LoadResult loaded = new RoutingDb(path, Stamp).Load(builder);
        RoutingTable? table = loaded.Problem is null ? builder.Build(out _) : null;
        if (table is null) { return null; }
        status.Table.AppliedFromCopy(status.Table.Error ?? "");
        log.Begin(LogLevel.Warn, "the last good copy of the routing table is in use").With("file", path)
            .With("backends", table.BackendCount).Write();
        return table;
    }

    /// <summary>Copies the file that was loaded last, as soon as it rests.</summary>
    public void KeepCopy()
    {
        if (!_copyDue || settings.LastGoodPath is not { } path) { return; }
        CopyResult copied = _db.CopyTo(path);
        if (!copied.Written && copied.Problem is null) { return; }
        _copyDue = false;
        string? problem = copied.Problem?.ToString();
        if (problem is not null && problem != _copyProblem)
        {
            log.Begin(LogLevel.Warn, "no last good copy of the routing table was kept").With("problem", problem).Write();
        }

        _copyProblem = problem;
    }

    private RoutingTable? Refuse(string problem, bool isTransient)
    {
        if (status.Table.Failed(problem))
        {
            log.Begin(isTransient ? LogLevel.Info : LogLevel.Error, "routing.db cannot be used; the last good table stays")
                .With("problem", problem).Write();
        }

        return null;
    }

    private static bool AreSame(IReadOnlyList<RowProblem> problems, IReadOnlyList<RowProblem> others)
    {
        if (problems.Count != others.Count) { return false; }
        for (int i = 0; i < problems.Count; i++)
        {
            if (problems[i] != others[i]) { return false; }
        }

        return true;
    }

    private void LogRows(IReadOnlyList<RowProblem> problems)
    {
        if (AreSame(problems, _logged)) { return; }
        _logged = problems;
        for (int i = 0; i < problems.Count && i < LoggedRowsMax; i++)
        {
            RowProblem bad = problems[i];
            log.Begin(LogLevel.Warn, "bad row in routing.db").With("table", bad.Table).With("row", bad.Row)
                .With("column", bad.Column).With("value", bad.Value).With("problem", bad.Problem).With("cure", bad.Cure).Write();
        }
    }

    private static string Sentence(RowProblem problem) => $"{problem.Table} {problem.Problem}. {problem.Cure}";

    private static FileStamp Stamp(string path)
    {
        FileFacts facts = FileFacts.Read(path);
        return new FileStamp(facts.Device, facts.Inode, facts.BornNs, facts.Length, facts.ModifiedNs, facts.ChangedNs, facts.TakenNs);
    }
}
