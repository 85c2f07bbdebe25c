using System.Collections.Concurrent;
using System.Text;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.DataPlane;

/// <summary>
/// One thread's share of the data plane: its listeners, its connections, its engine. Everything it touches it owns,
/// except the routing state, which is built for concurrent use. A turn takes completions, moves connections on, fires
/// timers and submits what came of it.
/// </summary>
internal sealed partial class Loop : IDisposable
{
    private const int CompletionsMax = 256;
    private const int NsPerMs = 1_000_000;
    private const int AllocationCheckTurns = 1024;
    private const long TrimEveryNs = 1_000_000_000;

    /// <summary>A listener that leaves takes what the kernel has promised, also beyond the cap.</summary>
    private const int BeyondCapMax = 8192;

    private readonly Io _io;
    private readonly Router _router;
    private readonly LoopSettings _settings;
    private readonly LoopCounters _counters;
    private readonly RecordRing? _records;
    private readonly ConnectionBudget _budget;
    private readonly ConnectionTable _connections;
    private readonly SlotPool<Setup> _setups;
    private readonly TimerWheel _timers;
    private readonly byte[] _popRegion;
    private readonly PipePool _pipes;
    private readonly int[] _nextBuffer;  // Chains the buffers of a flow's queue.
    private readonly int[] _bufferCount; // Bytes in each buffer.
    private readonly Completion[] _completions = new Completion[CompletionsMax];
    private readonly ConcurrentQueue<LoopMessage> _mailbox = new();
    private readonly long _allocatedByThen; // What the thread had allocated when the loop was made.
    private ulong _random;
    private long _nowNs;
    private long _nowMs;
    private long _trimAtNs; // 0 while there is nothing to trim.
    private bool _stopped;

    public Loop(
        Io io, Router router, LoopSettings settings, ConnectionBudget budget, LoopCounters counters, RecordRing? records)
    {
        _io = io;
        _router = router;
        _settings = settings;
        _budget = budget;
        _counters = counters;
        _records = records;
        _random = settings.Seed == 0 ? 1 : settings.Seed;
        _nextBuffer = new int[io.BuffersMax];
        _bufferCount = new int[io.BuffersMax];
        int connectionsMax = budget.Max + BeyondCapMax;
        _connections = new ConnectionTable(connectionsMax);
        _setups = new SlotPool<Setup>(connectionsMax);
        _popRegion = Encoding.UTF8.GetBytes(settings.PopRegion);
        _pipes = new PipePool(io, settings.PipeBytes, 2 * connectionsMax);
        _spare = new SpareDescriptors(io);
        _spare.Refill();
        SetNow(io.ReadClockNs());
        _timers = new TimerWheel(_connections, _nowMs);
        _budget.Join(this);
        _allocatedByThen = GC.GetAllocatedBytesForCurrentThread();
    }

    /// <summary>Connections in any state, those still closing included.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Runs until <see cref="PostStop"/>.</summary>
    public void Run()
    {
        while (!_stopped) { RunTurn(-1); }
        _spare.Clear();
        _pipes.Clear();
    }

    /// <summary>Frees the tables. Nothing may run any more.</summary>
    public void Dispose()
    {
        _pipes.Dispose();
        _setups.Dispose();
        _connections.Dispose();
    }

    /// <summary>
    /// One turn: waits at most <paramref name="maxWaitNs"/> (negative: no limit) for something to happen.
    /// </summary>
    public void RunTurn(long maxWaitNs)
    {
        Volatile.Write(ref _counters.TurnStartedNs, 0);
        int count = _io.Wait(_completions, WaitNs(maxWaitNs));
        SetNow(_io.ReadClockNs());
        long startedNs = _nowNs;
        Volatile.Write(ref _counters.TurnStartedNs, startedNs);
        for (int i = 0; i < count; i++) { Dispatch(_completions[i]); }
        TakeMessages();
        FireTimers();
        RetryListeners();
        FeedStarved();
        TrimBuffers(count);
        FinishTurn(startedNs);
    }

    /// <summary>
    /// After a burst its buffers' memory goes back, a part per second; a loop at rest is not woken for it.
    /// </summary>
    private void TrimBuffers(int completions)
    {
        if (_trimAtNs == 0)
        {
            if (completions > 0) { _trimAtNs = _nowNs + TrimEveryNs; }
        }
        else if (_nowNs >= _trimAtNs)
        {
            _trimAtNs = _io.TrimBuffers() ? _nowNs + TrimEveryNs : 0;
        }
    }

    private void Dispatch(in Completion done)
    {
        OperationKind kind = OperationToken.Kind(done.Token);
        int index = OperationToken.Index(done.Token);
        if (kind == OperationKind.Accept)
        {
            OnAccepted(index, done);
            return;
        }

        ref Connection connection = ref _connections[index];
        Invariant.Holds(connection.State != ConnectionState.Free
            && connection.Generation == OperationToken.Generation(done.Token));
        switch (kind)
        {
            case OperationKind.Connect: OnConnected(ref connection, done); break;
            case OperationKind.ReceiveUpload: OnReceived(ref connection, FlowSide.Upload, done); break;
            case OperationKind.ReceiveDownload: OnReceived(ref connection, FlowSide.Download, done); break;
            case OperationKind.SendUpload: OnSent(ref connection, FlowSide.Upload, done); break;
            case OperationKind.SendDownload: OnSent(ref connection, FlowSide.Download, done); break;
            case OperationKind.PollUploadSource: OnSourceReady(ref connection, FlowSide.Upload); break;
            case OperationKind.PollDownloadSource: OnSourceReady(ref connection, FlowSide.Download); break;
            case OperationKind.PollUploadTarget: OnTargetReady(ref connection, FlowSide.Upload); break;
            case OperationKind.PollDownloadTarget: OnTargetReady(ref connection, FlowSide.Download); break;
            default: Invariant.Holds(false); break;
        }

        if (connection.State == ConnectionState.Closing) { FreeWhenIdle(ref connection); }
    }

    private long WaitNs(long maxWaitNs)
    {
        if (!_mailbox.IsEmpty || (_starvedCount > 0 && _io.BuffersFree > 0)) { return 0; }
        long waitNs = maxWaitNs;
        long timerMs = _timers.WaitMs(_nowMs);
        if (timerMs >= 0) { waitNs = Earlier(waitNs, timerMs * NsPerMs); }
        if (_nextListenerRetryNs > 0) { waitNs = Earlier(waitNs, Math.Max(0, _nextListenerRetryNs - _nowNs)); }
        if (_trimAtNs > 0) { waitNs = Earlier(waitNs, Math.Max(0, _trimAtNs - _nowNs)); }
        return waitNs;
    }

    private static long Earlier(long limitNs, long otherNs) => limitNs < 0 ? otherNs : Math.Min(limitNs, otherNs);

    private void FinishTurn(long startedNs)
    {
        long endedNs = _io.ReadClockNs();
        _counters.BusyNs += endedNs - startedNs;
        _counters.ConnectionsCurrent = _connections.Count;
        _counters.PipesCurrent = _pipes.Count;
        _counters.BuffersUsedCurrent = _io.BuffersMax - _io.BuffersFree;
        if (++_counters.Turns % AllocationCheckTurns == 0)
        {
            _counters.AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - _allocatedByThen;
        }
    }

    private void SetNow(long nowNs)
    {
        _nowNs = nowNs;
        _nowMs = nowNs / NsPerMs;
    }

    private uint NowSeconds => (uint)(_nowMs / 1000);

    /// <summary>xorshift64* (Vigna, 2016).</summary>
    private uint NextRandom()
    {
        _random ^= _random >> 12;
        _random ^= _random << 25;
        _random ^= _random >> 27;
        return (uint)((_random * 0x2545F4914F6CDD1DUL) >> 32);
    }
}
