namespace EdgeProxy.Routing;

public sealed partial class RoutingTableBuilder
{
    private const string AppsTable = "apps";
    private const int AppsMax = 10_000;

    private readonly List<AppDraft> _apps = [];
    private readonly Dictionary<string, int> _appIdByName = new(StringComparer.Ordinal);
    private readonly Dictionary<IpEndpoint, string> _listeners = [];
    private bool _appsListed;
    private bool _appsFinished;

    /// <summary>An app before its backends are known.</summary>
    private sealed class AppDraft(int id, string name, IReadOnlyList<IpEndpoint> listeners, AppPolicy policy)
    {
        public int Id { get; } = id;

        public string Name { get; } = name;

        public IReadOnlyList<IpEndpoint> Listeners { get; } = listeners;

        public AppPolicy Policy { get; } = policy;
    }

    /// <summary>
    /// Adds an app. When a table lists none, there is one implicit app that listens on the default listeners and has
    /// every backend, whatever the backend's row calls its app.
    /// </summary>
    public void AddApp(AppRow row)
    {
        Invariant.Holds(!_appsFinished);
        _appsListed = true;
        AppPolicyReader reader = new(row, defaults);
        RowProblem? problem = FaultOfName(row.Name) ?? reader.Read() ?? FaultOfListeners(row, reader.Listeners);
        if (problem is not null) { KeepApp(row.Name, problem); }
        else { TakeApp(row.Name, reader.Listeners, reader.Policy); }
    }

    /// <summary>Reports a bad app and keeps its previous version.</summary>
    public void KeepApp(string name, RowProblem problem)
    {
        Invariant.Holds(!_appsFinished);
        _appsListed = true;
        _problems.Add(problem);
        if (previous?.AppByName(name) is { } old && !_appIdByName.ContainsKey(name) && _apps.Count < AppsMax
            && AreFree(old.Listeners))
        {
            TakeApp(name, old.Listeners, old.Policy);
        }
    }

    private void TakeApp(string name, IReadOnlyList<IpEndpoint> listeners, AppPolicy policy)
    {
        if (!appIds.TryGetOrAdd(name, out int id))
        {
            _problems.Add(AppPolicyReader.Problem(
                name, "name", name, $"is one name too many: {AppIds.NamesMax} different ones since the start is the most",
                "restart the proxy"));
            return;
        }

        _appIdByName.Add(name, id);
        _apps.Add(new AppDraft(id, name, listeners, policy));
        foreach (IpEndpoint listener in listeners)
        {
            if (listener.Port != 0) { _listeners[listener] = name; }
        }
    }

    private RowProblem? FaultOfName(string name) =>
        NameRule.FaultOf(name, NameRule.NameBytesMax) is { } fault
            ? AppPolicyReader.Problem(name, "name", name, fault, "give the app a short visible name")
        : _appIdByName.ContainsKey(name)
            ? AppPolicyReader.Problem(name, "name", name, "is there twice", "remove one of the rows")
        : _apps.Count == AppsMax
            ? AppPolicyReader.Problem(name, "name", name, $"is one app too many, {AppsMax} is the most", "remove apps")
        : null;

    private RowProblem? FaultOfListeners(AppRow row, IReadOnlyList<IpEndpoint> listeners)
    {
        foreach (IpEndpoint listener in listeners)
        {
            if (listener.Port == 0) { continue; }
            if (_listeners.TryGetValue(listener, out string? other))
            {
                return AppPolicyReader.Problem(
                    row.Name, "listen", row.Listen, $"{listener} belongs to app '{other}'",
                    "give each app a listener of its own");
            }

            if (!defaults.AllowReserved && IsReserved(listener))
            {
                return AppPolicyReader.Problem(
                    row.Name, "listen", row.Listen, $"{listener} is a port of the proxy itself (metrics or admin)",
                    "listen on another port");
            }
        }

        return null;
    }

    private bool AreFree(IReadOnlyList<IpEndpoint> listeners)
    {
        foreach (IpEndpoint listener in listeners)
        {
            if (_listeners.ContainsKey(listener)) { return false; }
        }

        return true;
    }

    private bool IsReserved(IpEndpoint listener)
    {
        foreach (IpEndpoint reserved in defaults.ReservedEndpoints)
        {
            if (Collide(reserved, listener)) { return true; }
        }

        return false;
    }

    private static bool Collide(IpEndpoint a, IpEndpoint b) => a.Port == b.Port
        && (a.Address == b.Address || BackendGuard.IsWildcard(a.Address) || BackendGuard.IsWildcard(b.Address));

    /// <summary>Adds the implicit app where there is none; from here on no app can be added.</summary>
    private void FinishApps()
    {
        if (_appsFinished) { return; }
        FinishRegions();
        if (!_appsListed) { TakeApp(App.ImplicitName, defaults.Listeners, defaults.Policy); }
        _appsFinished = true;
    }
}
