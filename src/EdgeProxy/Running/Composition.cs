using EdgeProxy.ControlPlane;
using EdgeProxy.DataPlane;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy;

/// <summary>
/// The program put together: the two planes, which do not know each other, wired by the routing state they share.
/// </summary>
internal sealed class Composition : IDisposable
{
    private readonly Options _options;
    private readonly AppIds _appIds = new();
    private readonly BackendSlots _slots = new();
    private readonly TunnelSettings? _tunnel;
    private readonly TunnelIdentity _identity;
    private readonly KeyRotation? _rotation;
    private readonly ControlSide _control;
    private LoopSet? _loops;
    private RunningTunnel? _backhaul;
    private string? _tunnelProblem;
    private volatile string[] _listenerProblems = [];
    private volatile bool _draining;

    public Composition(Options options)
    {
        _options = options;
        _tunnel = OptionsMapping.Tunnel(options);
        _identity = TunnelIdentity.Of(_tunnel, make: true);
        _rotation = _tunnel is null ? null : new KeyRotation(_tunnel.KeyPath, _identity.Keys, () => _backhaul?.Device);
        _control =
            new ControlSide(OptionsMapping.ControlPlane(options, _identity.Rules), _appIds, _slots,
            TimeProvider.System);
    }

    public EventLog Log => _control.Log;

    public long ConnectionsCurrent => _loops?.Budget.Current ?? 0;

    /// <summary>Loads, starts the loops, opens listeners and pages.</summary>
    /// <returns>Why it cannot run, with the cure; null when it runs.</returns>
    public string? Start()
    {
        if (_identity.Problem is { } noIdentity) { return noIdentity; }
        FirstLoad first = _control.LoadFirst();
        if (first.Table is not { } table) { return first.Problem; }
        if (EngineOf(_options.Io.Value, out IoEngine engine) is { } refused) { return refused; }

        long descriptors = DescriptorLimit.Raise();
        Router router = new(
            new Published<RoutingTable>(table), new Published<GeoTable>(first.Geo), _slots,
            new BindingTable(_options.BindingsMax.Value, KernelRandom.Next()));
        _loops = new LoopSet(OptionsMapping.DataPlane(_options, engine, descriptors, KernelRandom.Next()), router);
        _loops.Start();
        OpenListeners(table);
        if (_listenerProblems.Length > 0) { return _listenerProblems[0]; }
        StartTunnel();
        if (_control.Start(Sources(router, _loops)) is { } problem) { return problem; }
        Announce(descriptors, first.Geo);
        return null;
    }

    public void RequestReload()
    {
        if (_rotation?.Reload().Problem is { } problem)
        {
            Log.Begin(LogLevel.Error, "the tunnel's keys cannot be read; those in use stay")
                .With("problem", problem).Write();
        }

        _control.RequestReload();
    }

    /// <summary>Takes no more clients; those that wait in an accept queue are still served.</summary>
    public void StopAccepting()
    {
        _draining = true;
        _loops?.StopAccepting();
    }

    public void CloseConnections() => _loops?.CloseConnections(CloseReason.Drained);

    public void Dispose()
    {
        _loops?.Dispose();
        _control.Dispose();
        _backhaul?.Dispose();
    }

    private ControlPlaneSources Sources(Router router, LoopSet loops) => new()
    {
        Router = router,
        Loops = loops.Counters,
        Records = loops.Records,
        Engine = loops.Engine,
        ConnectionsMax = loops.Budget.Max,
        Tunnel = TunnelToShow(),
        Apply = table =>
        {
            router.Tables.Publish(table);
            OpenListeners(table);
            router.Settle();
        },
        IsDraining = () => _draining,
        ListenerProblems = () => _listenerProblems,
        BindingSeconds = static () => (uint)(MonotonicClock.ReadNs() / 1_000_000_000),
    };

    private void OpenListeners(RoutingTable table)
    {
        if (_draining) { return; }
        IReadOnlyList<OpenListener> before = _loops!.Listeners;
        List<string> problems = [];
        foreach (ListenerProblem found in _loops.ApplyListeners(table)) { problems.Add(found.Message); }
        LogListeners("listening", _loops.Listeners, before);
        LogListeners("no longer listening", before, _loops.Listeners);
        foreach (string problem in problems)
        {
            if (Array.IndexOf(_listenerProblems, problem) >= 0) { continue; }
            Log.Begin(LogLevel.Error, "a listener cannot be opened").With("problem", problem).Write();
        }

        _listenerProblems = [.. problems];
    }

    /// <summary>Those of <paramref name="listeners"/> that are not among <paramref name="others"/>.</summary>
    private void LogListeners(
        string message, IReadOnlyList<OpenListener> listeners, IReadOnlyList<OpenListener> others)
    {
        foreach (OpenListener listener in listeners)
        {
            if (Holds(others, listener)) { continue; }
            Log.Begin(LogLevel.Info, message).With("address", listener.Bound.ToString())
                .With("app", _appIds.Name(listener.App)).Write();
        }
    }

    private static bool Holds(IReadOnlyList<OpenListener> listeners, OpenListener wanted)
    {
        foreach (OpenListener listener in listeners)
        {
            bool same = listener.Requested == wanted.Requested && listener.Bound == wanted.Bound;
            if (same && listener.App == wanted.App) { return true; }
        }

        return false;
    }

    private void Announce(long descriptors, GeoTable geo)
    {
        Log.Begin(LogLevel.Info, "ready").With("version", VersionCommand.Version)
            .With("engine", _loops!.Engine == IoEngine.Uring ? "uring" : "epoll").With("loops", _loops.Counters.Count)
            .With("connections_max", _loops.Budget.Max).With("descriptors", descriptors)
            .With("metrics", _control.MetricsEndpoint?.ToString()).With("geo", geo.Source)
            .With("pid", Environment.ProcessId).Write();
    }

    /// <summary>Without its tunnel a proxy still serves the backends it reaches by plain TCP.</summary>
    private void StartTunnel()
    {
        if (_tunnel is null) { return; }
        _backhaul = TunnelStart.Start(
            _tunnel, OptionsMapping.Workers(_options), _control.RequestResolve, Log, out _tunnelProblem);
        if (_backhaul is not null && _rotation!.Reload().Problem is { } noKey)
        {
            _backhaul.Dispose();
            _backhaul = null;
            _tunnelProblem = noKey;
        }

        if (_backhaul is null)
        {
            Log.Begin(LogLevel.Error, "there is no tunnel").With("problem", _tunnelProblem).Write();
        }

        else { AnnounceTunnel(_tunnel, _backhaul); }
    }

    private TunnelSources? TunnelToShow()
    {
        if (_tunnel is null) { return null; }
        TunnelSources? running = _backhaul?.Sources;
        return (running ?? new TunnelSources { Name = _tunnel.Name, Problem = _tunnelProblem }) with { Rotate = Rotate };
    }

    private KeyRotationResult Rotate(bool finish)
    {
        KeyRotationResult result = finish ? _rotation!.Finish() : _rotation!.Begin();
        if (result.Problem is { } problem)
        {
            Log.Begin(LogLevel.Error, "the tunnel's key was not changed").With("problem", problem).Write();
            return result;
        }

        Log.Begin(LogLevel.Info, finish ? "the tunnel's old key is retired" : "the tunnel accepts a second key")
            .With("public_key", result.PublicKey.ToString())
            .With("next_public_key", result.NextPublicKey?.ToString()).Write();
        return result;
    }

    private void AnnounceTunnel(TunnelSettings tunnel, RunningTunnel backhaul)
    {
        if (_identity.IsNew)
        {
            Log.Begin(LogLevel.Info, "a private key was made").With("file", tunnel.KeyPath)
                .With("public_key", _identity.PublicKey.ToString()).Write();
        }

        Log.Begin(LogLevel.Info, "tunnel").With("interface", tunnel.Name).With("engine", backhaul.Engine)
            .With("public_key", _identity.PublicKey.ToString())
            .With("addresses", string.Join(',', tunnel.Addresses)).With("mtu", tunnel.Mtu).Write();
    }

    private static string? EngineOf(EngineChoice choice, out IoEngine engine)
    {
        engine = IoEngine.Epoll;
        if (choice == EngineChoice.Epoll) { return null; }
        if (UringIo.IsAvailable(out string reason))
        {
            engine = IoEngine.Uring;
            return null;
        }

        return choice == EngineChoice.Auto
            ? null
            : $"EDGEPROXY_IO=uring: {reason}. Allow it, or set EDGEPROXY_IO to auto or epoll";
    }
}
