namespace EdgeProxy.Routing;

/// <summary>
/// Makes a table from rows. Rows come in this order: regions, countries, overrides, apps, backends; peers at any time.
/// A bad row harms only itself: it keeps its version from the previous table (a new one is left out) and becomes a <see
/// cref="RowProblem"/>. One builder makes one table; only the thread that publishes tables uses it.
/// </summary>
/// <param name="previous">The table to take the good version of a bad row from.</param>
/// <param name="appIds">The app numbers of this process.</param>
/// <param name="slots">The backend slots of this process.</param>
/// <param name="defaults">What the options say.</param>
public sealed partial class RoutingTableBuilder(
    RoutingTable? previous, AppIds appIds, BackendSlots slots, RoutingDefaults defaults)
{
    private readonly ProblemList _problems = new();

    /// <summary>Finishes the table.</summary>
    /// <param name="problems">What is wrong with single rows, or with the whole table when it is refused.</param>
    /// <returns>The table, or null when it is refused whole and the previous one should stay.</returns>
    public RoutingTable? Build(out IReadOnlyList<RowProblem> problems)
    {
        FinishApps();
        if (_rows > defaults.BackendsMax)
        {
            problems =
            [
                new RowProblem(
                    BackendsTable, "", "", "", $"has {_rows} rows, {defaults.BackendsMax} is the most",
                    "remove rows; the previous table stays in use"),
            ];
            return null;
        }

        BackendRecord[] records = _backends.Arrange(
            slots, _regions.Count, out SelectionIndex index, out Dictionary<int, AppBackends> backendsByApp);
        App[] apps =
        [
            .. _apps.ConvertAll(a => new App(
                a.Id, a.Name, a.Listeners, a.Policy, backendsByApp.GetValueOrDefault(a.Id) ?? AppBackends.Empty)),
        ];
        PeerTable peers = FinishPeers();
        problems = _problems.ToList();
        return new RoutingTable(
            (previous?.Version ?? 0) + 1, _regions.Build(), _regions.IndexOf(defaults.PopRegion), apps, records, index,
            slots.Count, PlaceOverrides.From(_overrides))
        {
            Peers = peers,
        };
    }
}
