using EdgeProxy.Linux;
using EdgeProxy.Telemetry;
using EdgeProxy.WireGuard;

namespace EdgeProxy.DataPlane;

/// <summary>
/// One thread of the tunnel: a queue of the interface, a socket, and both directions between them. It turns from one to
/// the other while there is anything, and waits when there is not.
/// </summary>
internal sealed class TunnelWorker : IDisposable
{
    private const int NsPerMs = 1_000_000;
    private const int BrokenRestMs = 100;
    private const int StackBytes = 256 * 1024;

    private readonly TunQueue _queue;
    private readonly CipherSuite _suite = new();
    private readonly WakeEvent _wake = new();
    private readonly DatagramSender _sender;
    private readonly TunnelOutbound _outbound;
    private readonly TunnelInbound _inbound;
    private readonly TunnelTimekeeper? _timekeeper;
    private readonly Thread _thread;
    private UdpSocket _socket;
    private UdpSocket? _nextSocket;
    private long _queueRestsUntilNs;
    private volatile bool _stopping;

    /// <param name="core">What all of them share.</param>
    /// <param name="queue">This one's.</param>
    /// <param name="socket">This one's; it disposes of it.</param>
    /// <param name="name">Of the thread.</param>
    /// <param name="handshakeFailed">Given to the one that keeps the timers, null for the others.</param>
    public TunnelWorker(TunnelCore core, TunQueue queue, UdpSocket socket, string name, Action<Peer>? handshakeFailed)
    {
        _queue = queue;
        _socket = socket;
        _sender = new DatagramSender(core, socket, Counters);
        _outbound = new TunnelOutbound(core, queue, _suite, _sender, Counters);
        _inbound = new TunnelInbound(core, queue, _suite, _sender, _outbound, Counters);
        if (handshakeFailed is not null)
        {
            _timekeeper = new TunnelTimekeeper(core, _suite, _sender, handshakeFailed);
            core.WakeTimekeeper = _wake.Set;
        }

        _thread = new Thread(Run, StackBytes) { Name = name, IsBackground = true };
    }

    public TunnelCounters Counters { get; } = new();

    public void Start() => _thread.Start();

    /// <summary>Moves to another socket, and closes the one before. Any thread.</summary>
    public void Use(UdpSocket socket)
    {
        Interlocked.Exchange(ref _nextSocket, socket)?.Dispose();
        _wake.Set();
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        if (_thread.IsAlive) { _thread.Join(); }
        _nextSocket?.Dispose();
        _socket.Dispose();
        _inbound.Dispose();
        _outbound.Dispose();
        _sender.Dispose();
        _suite.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        Span<PollEntry> entries = stackalloc PollEntry[3];
        while (!_stopping)
        {
            Moment now = new(MonotonicClock.ReadNs(), WallClock.ReadUnixNs());
            TakeSocket();
            bool more = _inbound.Turn(_socket, now) | _outbound.Turn(now);
            _timekeeper?.Run(now);
            _sender.Flush();
            if (more) { continue; }
            _suite.Forget();
            entries[0] = new PollEntry(now.Ns < _queueRestsUntilNs ? Fd.None : _queue.Descriptor, PollEvents.Readable);
            entries[1] = new PollEntry(_socket.Descriptor, PollEvents.Readable);
            entries[2] = new PollEntry(_wake.Descriptor, PollEvents.Readable);
            _ = SlowPoll.Wait(entries, WaitMs());
            if (entries[2].Returned != PollEvents.None) { _wake.Clear(); }

            // An interface that is down or deleted is ready all the time and has nothing.
            bool isBroken = (entries[0].Returned & ~PollEvents.Readable) != PollEvents.None;
            _queueRestsUntilNs = isBroken ? now.Ns + (BrokenRestMs * (long)NsPerMs) : _queueRestsUntilNs;
        }
    }

    private void TakeSocket()
    {
        if (Interlocked.Exchange(ref _nextSocket, null) is not { } socket) { return; }
        _sender.Use(socket);
        _socket.Dispose();
        _socket = socket;
    }

    private int WaitMs()
    {
        long dueNs = _timekeeper?.DueNs ?? long.MaxValue;
        if (_queueRestsUntilNs > MonotonicClock.ReadNs()) { dueNs = Math.Min(dueNs, _queueRestsUntilNs); }
        if (dueNs == long.MaxValue) { return -1; }
        return (int)Math.Clamp((dueNs - MonotonicClock.ReadNs() + NsPerMs - 1) / NsPerMs, 0, int.MaxValue);
    }
}
