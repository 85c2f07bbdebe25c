using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Keeps a tunnel's peers equal to the published table, and their names resolved. A peer that is removed is cut by the
/// thread that publishes; names are resolved on a thread of their own, because a resolver may wait for longer than a
/// reload or a removal should.
/// </summary>
internal sealed class TunnelControl : IDisposable
{
    private const int RetryMs = 500;

    /// <summary>Patience at the end: getaddrinfo(3) cannot be called off, and the thread holds nothing.</summary>
    private const int EndMs = 200;

    private readonly ITunnelDevice _device;
    private readonly EventLog _log;
    private readonly EndpointFollower _follower;
    private readonly WakeEvent _wake = new();
    private readonly Thread _thread;
    private readonly Lock _lock = new();
    private PeerTable _wanted = PeerTable.Empty;
    private PeerTable _applied = PeerTable.Empty;
    private volatile bool _stopping;

    public TunnelControl(ITunnelDevice device, EventLog log, Func<string, ushort, EndpointLookup>? lookup = null)
    {
        _device = device;
        _log = log;
        _follower = new EndpointFollower(lookup ?? EndpointLookup.Ask, device.TryApply, log);
        _thread = new Thread(Run) { IsBackground = true, Name = "edgeproxy-peers" };
    }

    /// <summary>Peers whose names do not resolve at present.</summary>
    public IReadOnlyList<RowProblem> Problems => _follower.Problems;

    public void Start() => _thread.Start();

    /// <summary>
    /// Peers to have from now on; the device has them when this returns, or as soon as it takes them. Any thread.
    /// </summary>
    public void Follow(PeerTable peers)
    {
        lock (_lock) { _wanted = peers; }
        _ = TryCatchUp();
        _wake.Set();
    }

    /// <summary>A handshake with a peer failed for good. Any thread but a loop.</summary>
    public void HandshakeFailed(in PeerKey key)
    {
        if (_follower.HandshakeFailed(key, Environment.TickCount64)) { _wake.Set(); }
    }

    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted) || _thread.Join(EndMs)) { _wake.Dispose(); }
    }

    private void Run()
    {
        while (!_stopping)
        {
            bool applied = TryCatchUp();
            long due = _follower.Step(static () => Environment.TickCount64);
            if (!applied) { due = Math.Min(due, Environment.TickCount64 + RetryMs); }
            PollEntry entry = new(_wake.Descriptor, PollEvents.Readable);
            long waitMs = due == long.MaxValue ? -1 : Math.Clamp(due - Environment.TickCount64, 0, int.MaxValue);
            _ = SlowPoll.Wait(new Span<PollEntry>(ref entry), (int)waitMs);
            if (entry.Returned != PollEvents.None) { _wake.Clear(); }
        }
    }

    /// <returns>False when the device would not take the change: it is offered again.</returns>
    private bool TryCatchUp()
    {
        lock (_lock)
        {
            if (ReferenceEquals(_wanted, _applied)) { return true; }
            TunnelChange change = TunnelChange.Between(_applied, _wanted);
            if (!_device.TryApply(change)) { return false; }
            int removed = 0;
            foreach (TunnelPeerChange peer in change.Peers) { removed += peer.Remove ? 1 : 0; }
            _log.Begin(LogLevel.Info, "peers in use").With("peers", _wanted.Peers.Count)
                .With("changed", change.Peers.Count - removed).With("removed", removed).Write();
            _applied.WipeExcept(_wanted);
            _applied = _wanted;
            _follower.Follow(_wanted, Environment.TickCount64);
            return true;
        }
    }
}
