using EdgeProxy.ControlPlane;
using EdgeProxy.DataPlane;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy;

/// <summary>The program put together: the two planes, which do not know each other, wired by the routing state they share.</summary>
internal sealed class Composition : IDisposable
{
    private readonly Options _options;
    private readonly AppIds _appIds = new();
    private readonly BackendSlots _slots = new();
    private readonly ControlSide _control;
    private LoopSet? _loops;
    private volatile string[] _listenerProblems = [];
    private volatile bool _draining;

    public Composition(Options options)
    {
        _options = options;
        _control = new ControlSide(OptionsMapping.ControlPlane(options), _appIds, _slots, TimeProvider.System);
    }

    public EventLog Log => _control.Log;

    public long ConnectionsCurrent => _loops?.Budget.Current ?? 0;

    /// <summary>Loads, starts the loops, opens listeners and pages.</summary>
    /// <returns>Why it cannot run, with the cure; null when it runs.</returns>
    public string? Start()
    {
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
        if (_control.Start(Sources(router, _loops)) is { } problem) { return problem; }
        Announce(descriptors, first.Geo);
        return null;
    }

    public void RequestReload() => _control.RequestReload();

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
    }

    private ControlPlaneSources Sources(Router router, LoopSet loops) => new()
    {
        Router = router,
        Loops = loops.Counters,
        Records = loops.Records,
        Engine = loops.Engine,
        ConnectionsMax = loops.Budget.Max,
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
        string[] problems = [.. _loops.ApplyListeners(table).Select(static p => p.Message)];
        LogListeners("listening", _loops.Listeners.Except(before));
        LogListeners("no longer listening", before.Except(_loops.Listeners));
        foreach (string problem in problems.Except(_listenerProblems, StringComparer.Ordinal))
        {
            Log.Begin(LogLevel.Error, "a listener cannot be opened").With("problem", problem).Write();
        }

        _listenerProblems = problems;
    }

    private void LogListeners(string message, IEnumerable<OpenListener> listeners)
    {
        foreach (OpenListener listener in listeners)
        {
            Log.Begin(LogLevel.Info, message).With("address", listener.Bound.ToString())
                .With("app", _appIds.Name(listener.App)).Write();
        }
    }

    private void Announce(long descriptors, GeoTable geo)
    {
        Log.Begin(LogLevel.Info, "ready").With("version", VersionCommand.Version)
            .With("engine", _loops!.Engine == IoEngine.Uring ? "uring" : "epoll").With("loops", _loops.Counters.Count)
            .With("connections_max", _loops.Budget.Max).With("descriptors", descriptors)
            .With("metrics", _control.MetricsEndpoint?.ToString()).With("geo", geo.Source)
            .With("pid", Environment.ProcessId).Write();
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
