using EdgeProxy.ControlPlane;
using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>
/// Routing as the files alone describe it, without a running proxy: for <c>explain</c> and <c>check</c>.
/// </summary>
internal sealed class FilesOnly : IDisposable
{
    private readonly AppIds _appIds = new();
    private readonly BackendSlots _slots = new();
    private readonly ControlSide _control;

    public FilesOnly(Options options)
    {
        TunnelIdentity identity = TunnelIdentity.Of(OptionsMapping.Tunnel(options), make: false);
        TunnelProblem = identity.Problem;
        ControlPlaneSettings settings = OptionsMapping.ControlPlane(options, identity.Rules) with
        {
            LogLevel = LogLevel.Error,
            LastGoodPath = null,
            MetricsEnabled = false,
            AdminSocketPath = null,
            IsSilent = true,
        };
        _control = new ControlSide(settings, _appIds, _slots, TimeProvider.System);
        First = _control.LoadFirst();
    }

    public FirstLoad First { get; }

    /// <summary>Why the WireGuard backhaul could not start, with the cure; null when it is off, or could.</summary>
    public string? TunnelProblem { get; }

    /// <summary>What is wrong with single rows.</summary>
    public IReadOnlyList<RowProblem> RowProblems => _control.RowProblems;

    /// <returns>Null with the reason when the files cannot answer.</returns>
    public Explanation? Explain(in IpAddress client, string? appName, out string? problem)
    {
        problem = First.Problem;
        if (First.Table is not { } table) { return null; }
        App? app = appName is not null ? table.AppByName(appName) : table.Apps.Count == 1 ? table.Apps[0] : null;
        if (app is null)
        {
            List<string> known = [];
            foreach (App one in table.Apps) { known.Add(one.Name); }
            string names = string.Join(", ", known);
            problem = appName is null ? $"there are several apps; name one with --app: {names}" : $"there is no app '{appName}'; there are: {names}";
            return null;
        }

        Router router = new(new Published<RoutingTable>(table), new Published<GeoTable>(First.Geo), _slots, new BindingTable(1024, 1));
        return router.Explain(table, app.Id, client, nowSeconds: 0);
    }

    public void Dispose() => _control.Dispose();
}
