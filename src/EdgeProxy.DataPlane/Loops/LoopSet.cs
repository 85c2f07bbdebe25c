using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.DataPlane;

/// <summary>
/// The loops and their threads as one thing: started, given listeners as the routing table names them, drained and
/// stopped. Called from one thread of the slow side; the loops hear of it through their mailboxes.
/// </summary>
public sealed class LoopSet : IDisposable
{
    private const int LoopStackBytes = 512 * 1024;

    private readonly DataPlaneSettings _settings;
    private readonly Router _router;
    private readonly Thread[] _threads;
    private readonly Loop[] _loops;
    private readonly ListenerSet _listeners;
    private readonly LoopCounters[] _counters;
    private readonly RecordRing[] _records;

    public LoopSet(DataPlaneSettings settings, Router router)
    {
        _settings = settings;
        _router = router;
        Budget = new ConnectionBudget(settings.ConnectionsMax, settings.Listen.Backlog + 1);
        _threads = new Thread[settings.Workers];
        _loops = new Loop[settings.Workers];
        _counters = new LoopCounters[settings.Workers];
        _records = new RecordRing[settings.RecordsPerLoop > 0 ? settings.Workers : 0];
        for (int i = 0; i < settings.Workers; i++) { _counters[i] = new LoopCounters(); }
        for (int i = 0; i < _records.Length; i++) { _records[i] = new RecordRing(settings.RecordsPerLoop); }
        _listeners = new ListenerSet(settings.Listen, _loops, blocking: settings.Engine == IoEngine.Uring);
    }

    public IoEngine Engine => _settings.Engine;

    /// <summary>The process-wide connection cap and how much of it is used.</summary>
    public ConnectionBudget Budget { get; }

    public IReadOnlyList<LoopCounters> Counters => _counters;

    /// <summary>Records of closed connections, one ring per loop; empty when none are kept.</summary>
    public IReadOnlyList<RecordRing> Records => _records;

    /// <summary>
    /// Where connections are accepted now, with the ports that were chosen for those that asked for 0.
    /// </summary>
    public IReadOnlyList<OpenListener> Listeners => _listeners.Open;

    /// <summary>Starts the threads; returns when every loop runs. Throws what kept an engine from starting.</summary>
    public void Start()
    {
        using CountdownEvent started = new(_settings.Workers);
        Exception? failure = null;
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i;
            _threads[i] = new Thread(() => RunLoop(index, started, e => failure = e), LoopStackBytes)
            {
                Name = $"loop-{i}",
                IsBackground = true,
            };
            _threads[i].Start();
        }

        started.Wait();
        if (failure is not null) { throw new InvalidOperationException($"A loop could not start: {failure.Message}", failure); }
    }

    /// <summary>
    /// Opens and closes listeners so that they are those of <paramref name="table"/>. Connections stay.
    /// </summary>
    /// <returns>What could not be opened; the rest is open.</returns>
    public IReadOnlyList<ListenerProblem> ApplyListeners(RoutingTable table) => _listeners.Apply(table);

    /// <summary>Stops accepting; those already in an accept queue are still served.</summary>
    public void StopAccepting() => _listeners.CloseAll();

    /// <summary>Closes every connection with a RST.</summary>
    public void CloseConnections(CloseReason reason)
    {
        foreach (Loop loop in _loops) { loop.PostCloseConnections(reason); }
    }

    /// <summary>Ends the loops and waits for their threads.</summary>
    public void Dispose()
    {
        foreach (Loop? loop in _loops) { loop?.PostStop(); }
        foreach (Thread? thread in _threads) { thread?.Join(); }
    }

    private void RunLoop(int index, CountdownEvent started, Action<Exception> failed)
    {
        Io io;
        Loop loop;
        try
        {
            io = _settings.Engine == IoEngine.Uring ? new UringIo(_settings.Io) : new EpollIo(_settings.Io);
            LoopSettings settings = _settings.Loop with { Seed = _settings.Loop.Seed + (ulong)index };
            RecordRing? records = _records.Length > 0 ? _records[index] : null;
            loop = new Loop(io, _router, settings, Budget, _counters[index], records);
            _loops[index] = loop;
        }
        catch (InvalidOperationException e)
        {
            failed(e);
            return;
        }
        finally
        {
            started.Signal();
        }

        loop.Run();
        loop.Dispose();
        io.Dispose();
    }
}
