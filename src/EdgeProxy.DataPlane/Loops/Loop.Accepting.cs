using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Listeners: accepting, holding back at the cap or when the host is short, and leaving without losing anyone.
/// </summary>
internal sealed partial class Loop
{
    private const int BackoffFirstMs = 50;
    private const int BackoffMaxMs = 1000;
    private const int CapRetryMs = 20;

    /// <summary>Connections taken from a queue in one turn while places or descriptors are counted singly.</summary>
    private const int AcceptsPerTurn = 16;

    /// <summary>
    /// Failures in a row, each of a single client by its look, after which it is the listener that fails.
    /// </summary>
    private const int AcceptFailuresMax = 8;

    private readonly List<Listener> _listeners = [];
    private long _nextListenerRetryNs;

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
        if (listener.Accepting) { Cancel(index); }
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

        listener.RetryNs = 0;
        ulong token = AcceptToken(index, listener);
        if (listener.Leaving)
        {
            // Asks for what is there and no more: the cancel ends the accept that finds nothing.
            listener.Accepting = listener.LastCall = true;
            _io.Accept(listener.Fd, many: false, token);
            _io.Cancel(listener.Fd, token);
        }
        else if (listener.BackoffMs == 0 && _budget.TryArm())
        {
            listener.Accepting = listener.Many = true;
            _io.Accept(listener.Fd, many: true, token);
        }
        else if (_budget.Left <= 0)
        {
            RestAtCap(ref listener);
        }
        else
        {
            listener.Accepting = listener.Looking = true;
            _io.Poll(listener.Fd, PollEvents.Readable, token);
        }

        _listeners[index] = listener;
    }

    private void OnAccepted(int index, in Completion done)
    {
        Listener listener = _listeners[index];
        Invariant.Holds((listener.Generation & OperationToken.GenerationMask) == OperationToken.Generation(done.Token));
        bool looked = listener.Looking;
        bool many = listener.Many;
        if (!done.More)
        {
            if (many) { _budget.Disarm(); }
            listener.Accepting = listener.Many = listener.Looking = listener.Cancelled = false;
            _listeners[index] = listener;
        }

        if (looked)
        {
            if (done.Ok && listener.RetryNs == 0 && !listener.Leaving) { TakeWaiting(index); }
        }
        else if (done.Ok)
        {
            NoteAccepted(index);
            _budget.Take();
            StartConnection(new Fd(done.Result), listener.App);
        }
        else
        {
            NoteFailure(index, done.Error);
        }

        listener = _listeners[index]; // The new connection may have found the host short.
        if (listener.Accepting)
        {
            if (many && !listener.Cancelled && _budget.IsTight) { AcceptCarefully(); }
            return;
        }

        if (listener.RetryNs != 0) { return; }
        if (listener.LastCall && !done.Ok && (done.Error == Errno.ECANCELED || listener.Failures >= AcceptFailuresMax))
        {
            CloseListener(index);
            return;
        }

        Arm(index);
    }

    /// <summary>
    /// Takes clients one by one, each with its place, so that the cap is met exactly whatever other loops take.
    /// </summary>
    private void TakeWaiting(int index)
    {
        Listener listener = _listeners[index];
        int clients = listener.BackoffMs == 0 ? AcceptsPerTurn : 1; // After a shortage carefully.
        while (clients-- > 0 && listener.RetryNs == 0)
        {
            if (!_budget.TryTake())
            {
                _budget.AskForCare(this);
                RestAtCap(ref listener);
                _listeners[index] = listener;
                return;
            }

            SysResult accepted = _io.AcceptNow(listener.Fd);
            if (!accepted.Ok)
            {
                _budget.Give();
                NoteFailure(index, accepted.Error);
                return;
            }

            NoteAccepted(index);
            StartConnection(new Fd(accepted.Value), listener.App);
            listener = _listeners[index];
        }
    }

    /// <summary>Places are few: no accept stays armed, here and in the other loops.</summary>
    private void AcceptCarefully()
    {
        LeaveNoneArmed();
        _budget.AskForCare(this);
    }

    /// <summary>
    /// An accept that ends as cancelled is followed by a careful one, or by one that stays if there is room again.
    /// </summary>
    private void LeaveNoneArmed()
    {
        for (int i = 0; i < _listeners.Count; i++)
        {
            Listener listener = _listeners[i];
            if (listener.Many && !listener.Cancelled) { Cancel(i); }
        }
    }

    private void NoteAccepted(int index)
    {
        Listener listener = _listeners[index];
        listener.BackoffMs = listener.Failures = 0;
        _listeners[index] = listener;
    }

    private void NoteFailure(int index, Errno error)
    {
        if (error is Errno.ECANCELED or Errno.EAGAIN) { return; }
        if (IsHostShort(error))
        {
            BackOff(index);
            return;
        }

        _counters.CountAcceptFailure((int)error);
        Listener listener = _listeners[index];
        if (++listener.Failures >= AcceptFailuresMax && !listener.Leaving) { RestLonger(ref listener); }
        _listeners[index] = listener;
    }

    /// <summary>
    /// The host is out of descriptors or memory: accepting rests, longer each time, and recovers by itself.
    /// </summary>
    private void BackOff(int index)
    {
        Listener listener = _listeners[index];
        RestLonger(ref listener);
        _listeners[index] = listener;
        _counters.AcceptPauses++;
    }

    private void RestLonger(ref Listener listener)
    {
        listener.BackoffMs = Math.Clamp(listener.BackoffMs * 2, BackoffFirstMs, BackoffMaxMs);
        HoldBack(ref listener, listener.BackoffMs);
    }

    private void RestAtCap(ref Listener listener)
    {
        HoldBack(ref listener, CapRetryMs);
        _counters.CapPauses++;
    }

    /// <summary>No descriptor was left for a backend: more clients now would only have to wait for theirs.</summary>
    private void RestAccepting()
    {
        for (int i = 0; i < _listeners.Count; i++)
        {
            Listener listener = _listeners[i];
            if (!listener.Fd.IsOpen || listener.Leaving || listener.RetryNs != 0) { continue; }
            BackOff(i);
            if (listener.Accepting) { Cancel(i); }
        }
    }

    private void Cancel(int index)
    {
        Listener listener = _listeners[index];
        listener.Cancelled = true;
        _listeners[index] = listener;
        _io.Cancel(listener.Fd, AcceptToken(index, listener));
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

    /// <summary>A client that has been accepted, and its place taken.</summary>
    private void StartConnection(Fd client, int app)
    {
        _counters.Accepted++;
        if (_connections.IsFull)
        {
            _io.CloseWithReset(client); // More leaving listeners at once than anyone has.
            _budget.Give();
            _counters.Glitches++;
            return;
        }

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
