using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.DataPlane;

/// <summary>Listeners: accepting, holding back at the cap or when the host is short, and leaving without losing anyone.</summary>
internal sealed partial class Loop
{
    private const int BackoffFirstMs = 50;
    private const int BackoffMaxMs = 1000;
    private const int CapRetryMs = 20;

    /// <summary>Of one accept that stays armed the kernel delivers the whole queue (net.core.somaxconn) before a cancel takes.</summary>
    private const int CautiousMax = 4096;

    private readonly List<Listener> _listeners = [];
    private long _nextListenerRetryNs;

    /// <summary>Below this many free places a listener takes one connection at a time, so the cap is met exactly.</summary>
    private int CautiousBelow => Math.Min(CautiousMax, _budget.Max);

    private void AddListener(Fd fd, int app)
    {
        int index = _listeners.FindIndex(static l => !l.Fd.IsOpen);
        if (index < 0)
        {
            index = _listeners.Count;
            _listeners.Add(new Listener { Fd = Fd.None });
        }

        Listener listener = _listeners[index];
        _listeners[index] = new Listener { Fd = fd, App = app, Generation = listener.Generation + 1 };
        Arm(index);
    }

    private void RemoveListener(Fd fd)
    {
        int index = _listeners.FindIndex(l => l.Fd == fd);
        if (index < 0) { return; }
        Listener listener = _listeners[index];
        listener.Leaving = true;
        listener.RetryNs = 0;
        _listeners[index] = listener;

        // What waits in the accept queue has been promised a connection by the kernel: it is taken before closing.
        if (listener.Accepting) { _io.Cancel(fd, AcceptToken(index, listener)); }
        else { Arm(index); }
    }

    private void Arm(int index)
    {
        Listener listener = _listeners[index];
        if (listener.Accepting)
        {
            listener.RetryNs = 0; // Its cancel is on the way: armed again when that completes.
            _listeners[index] = listener;
            return;
        }

        if (!listener.Leaving && !_spare.Refill())
        {
            BackOff(index);
            return;
        }

        if (_budget.Left <= 0 && !listener.Leaving)
        {
            HoldBack(ref listener, CapRetryMs);
            _counters.CapPauses++;
        }
        else
        {
            listener.RetryNs = 0;
            listener.Accepting = true;
            listener.AcceptsMany = !listener.Leaving && _budget.Left > CautiousBelow && listener.BackoffMs == 0;
            listener.LastCall = listener.Leaving;
            _io.Accept(listener.Fd, listener.AcceptsMany, AcceptToken(index, listener));

            // A leaving listener asks for what is there and no more: the cancel ends the accept that finds nothing.
            if (listener.Leaving) { _io.Cancel(listener.Fd, AcceptToken(index, listener)); }
        }

        _listeners[index] = listener;
    }

    private void OnAccepted(int index, in Completion done)
    {
        Listener listener = _listeners[index];
        Invariant.Holds((listener.Generation & OperationToken.GenerationMask) == OperationToken.Generation(done.Token));
        if (!done.More) { listener.Accepting = false; }
        if (done.Ok) { listener.BackoffMs = 0; }
        _listeners[index] = listener;

        if (done.Ok) { StartConnection(new Fd(done.Result), listener.App); }
        else if (IsHostShort(done.Error)) { BackOff(index); }

        listener = _listeners[index]; // The new connection may have found the host short.
        if (listener.Accepting)
        {
            if (listener.AcceptsMany && _budget.Left <= CautiousBelow && !listener.Leaving)
            {
                listener.AcceptsMany = false; // Ends as cancelled and is armed again for one.
                _listeners[index] = listener;
                _io.Cancel(listener.Fd, AcceptToken(index, listener));
            }

            return;
        }

        if (listener.LastCall && !done.Ok) { CloseListener(index); }
        else if (listener.RetryNs == 0) { Arm(index); }
    }

    /// <summary>The host is out of descriptors or memory: accepting rests, longer each time, and recovers by itself.</summary>
    private void BackOff(int index)
    {
        Listener listener = _listeners[index];
        if (listener.Leaving) { return; }
        listener.BackoffMs = Math.Clamp(listener.BackoffMs * 2, BackoffFirstMs, BackoffMaxMs);
        HoldBack(ref listener, listener.BackoffMs);
        _listeners[index] = listener;
        _counters.AcceptPauses++;
    }

    /// <summary>No descriptor was left for a backend: more clients now would only have to wait for theirs.</summary>
    private void RestAccepting()
    {
        for (int i = 0; i < _listeners.Count; i++)
        {
            Listener listener = _listeners[i];
            if (!listener.Fd.IsOpen || listener.Leaving || listener.RetryNs != 0) { continue; }
            BackOff(i);
            if (listener.Accepting) { _io.Cancel(listener.Fd, AcceptToken(i, listener)); }
        }
    }

    private void HoldBack(ref Listener listener, int ms)
    {
        listener.RetryNs = _nowNs + ((long)ms * NsPerMs);
        NoteRetry(listener);
    }

    private void NoteRetry(in Listener listener) => _nextListenerRetryNs = _nextListenerRetryNs == 0
        ? listener.RetryNs
        : Math.Min(_nextListenerRetryNs, listener.RetryNs);

    private void RetryListeners()
    {
        if (_nextListenerRetryNs == 0 || _nowNs < _nextListenerRetryNs) { return; }
        _nextListenerRetryNs = 0;
        for (int i = 0; i < _listeners.Count; i++)
        {
            Listener listener = _listeners[i];
            if (listener.RetryNs == 0) { continue; }
            if (listener.RetryNs <= _nowNs) { Arm(i); }
            else { NoteRetry(listener); }
        }
    }

    private void CloseListener(int index)
    {
        Listener listener = _listeners[index];
        _io.Close(listener.Fd);
        listener.Fd = Fd.None;
        listener.Leaving = false;
        _listeners[index] = listener;
    }

    private static ulong AcceptToken(int index, in Listener listener) =>
        OperationToken.Make(OperationKind.Accept, index, listener.Generation);

    private void StartConnection(Fd client, int app)
    {
        _counters.Accepted++;
        if (_connections.IsFull)
        {
            _io.CloseWithReset(client); // More leaving listeners at once than anyone has.
            _counters.Glitches++;
            return;
        }

        _budget.Take();
        ref Connection connection = ref _connections.Take();
        connection.ClientFd = client;
        connection.BackendFd = Fd.None;
        connection.App = app;
        connection.BackendSlot = -1;
        connection.AcceptedNs = _nowNs;
        connection.LastActivityMs = _nowMs;
        connection.Setup = _setups.Take();
        connection.Upload.Start();
        connection.Download.Start();
        connection.Download.Wrote = connection.Download.TargetNoDelay = true; // Inherited from the listener.
        if (_io.PeerAddress(client, out SocketAddress peer).Ok)
        {
            connection.Client = new IpEndpoint(new IpAddress(peer.High, peer.Low), peer.Port);
        }

        _setups[connection.Setup] = new Setup { Peer = connection.Client };
        Begin(ref connection);
        if (connection.State == ConnectionState.Closing) { FreeWhenIdle(ref connection); }
    }

    private void Begin(ref Connection connection)
    {
        AppPolicy? policy = Policy(connection);
        if (policy is null)
        {
            connection.Enter(ConnectionState.Connecting);
            Close(ref connection, CloseReason.AppRemoved, EndedBy.Proxy, reset: true);
            return;
        }

        if (policy.ProxyProtocolIn != ProxyProtocolIn.Off && !BeginHeader(ref connection, policy)) { return; }
        connection.Enter(ConnectionState.Connecting);
        if (StartRouting(ref connection, policy)) { Receive(ref connection, FlowSide.Upload); }
    }

    private AppPolicy? Policy(in Connection connection) =>
        _router.Tables.Current.AppById(connection.App)?.Policy;
}
