using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.DataPlane;

/// <summary>From a known client to an established backend: choose, connect, and on failure the next-best one.</summary>
internal sealed partial class Loop
{
    private const int NsPerUs = 1000;

    private const int OpenRetryFirstMs = 20;
    private const int OpenRetryMaxMs = 250;

    /// <summary>How long a client waits for its backend's descriptor when its app has no connect deadline.</summary>
    private const int OpenWaitMaxMs = 10_000;

    private readonly SpareDescriptors _spare;

    /// <returns>False when the connection is closing already.</returns>
    private bool StartRouting(ref Connection connection, AppPolicy policy)
    {
        _setups[connection.Setup].ConnectStartedNs = _nowNs;
        connection.WaitUs = (uint)Math.Min(uint.MaxValue, (_nowNs - connection.AcceptedNs) / NsPerUs);
        if (!StartAttempt(ref connection, policy)) { return false; }
        if (policy.ProxyProtocolOut != ProxyProtocolOut.Off && !QueueHeaderOut(ref connection, policy))
        {
            Close(ref connection, CloseReason.Shortage, EndedBy.Proxy, reset: true);
            return false;
        }

        return true;
    }

    private bool StartAttempt(ref Connection connection, AppPolicy policy)
    {
        RoutingTable table = _router.Tables.Current;
        ref AttemptHistory history = ref _setups[connection.Setup].History;
        RoutePick pick = _router.Pick(
            table, connection.App, connection.Client.Address, NowSeconds, NextRandom(), ref history);
        connection.Country = pick.Country;
        if (pick.Outcome != PickOutcome.Chosen)
        {
            CloseReason reason = connection.Attempts > 0 ? CloseReason.ConnectFailed : Reason(pick.Outcome);
            Close(ref connection, reason, EndedBy.Proxy, policy.ResetUnserved);
            return false;
        }

        connection.BackendSlot = pick.Slot;
        connection.SeatHeld = true;
        connection.FromBinding = pick.FromBinding;
        ref Setup setup = ref _setups[connection.Setup];
        setup.AttemptStartedNs = _nowNs;
        setup.OpenPauseMs = 0;
        return Connect(ref connection, policy, pick.Endpoint);
    }

    /// <returns>False when the connection is closing already.</returns>
    private bool Connect(ref Connection connection, AppPolicy policy, in IpEndpoint endpoint)
    {
        SocketAddress target = SocketAddress.From(endpoint.Address.High, endpoint.Address.Low, endpoint.Port);
        SysResult opened = OpenBackend(target.IsIPv6);
        if (!opened.Ok && IsHostShort(opened.Error)) { return AwaitDescriptor(ref connection, policy, opened.Error); }
        ref Setup setup = ref _setups[connection.Setup];
        connection.Attempts = (byte)setup.History.Count;
        _counters.ConnectAttempts++;
        if (!opened.Ok)
        {
            AttemptFailed(ref connection, opened.Error); // No IPv6 on this host, say.
            return connection.State != ConnectionState.Closing;
        }

        connection.BackendFd = new Fd(opened.Value);
        if (_settings.BackendCongestion >= 0)
        {
            _io.SetCongestion(connection.BackendFd, _settings.BackendCongestion);
        }

        if (policy.FastOpenBackends) { _io.Set(connection.BackendFd, SocketOption.FastOpenConnect, 1); }
        setup.AttemptStartedNs = _nowNs;
        connection.AttemptTimedOut = false;
        connection.Connecting = true;
        _io.Connect(connection.BackendFd, target, connection.Token(OperationKind.Connect));
        SetConnectTimer(ref connection, policy);
        return true;
    }

    private void SetConnectTimer(ref Connection connection, AppPolicy policy)
    {
        long due = long.MaxValue;
        if (policy.ConnectTimeoutMs > 0) { due = _nowMs + policy.ConnectTimeoutMs; }
        if (policy.ConnectDeadlineMs > 0) { due = Math.Min(due, DeadlineMs(connection, policy)); }
        if (due == long.MaxValue) { _timers.Clear(ref connection); }
        else { _timers.Set(ref connection, due); }
    }

    private long DeadlineMs(in Connection connection, AppPolicy policy) =>
        (_setups[connection.Setup].ConnectStartedNs / NsPerMs) + policy.ConnectDeadlineMs;

    private void OnConnected(ref Connection connection, in Completion done)
    {
        connection.Connecting = false;
        if (connection.State == ConnectionState.Closing) { return; }
        Invariant.Holds(connection.State == ConnectionState.Connecting);
        if (done.Ok) { Establish(ref connection); }
        else { AttemptFailed(ref connection, connection.AttemptTimedOut ? Errno.ETIMEDOUT : done.Error); }
    }

    private void Establish(ref Connection connection)
    {
        connection.Enter(ConnectionState.Relaying);
        ref Setup setup = ref _setups[connection.Setup];
        connection.ConnectUs = (uint)Math.Clamp((_nowNs - setup.ConnectStartedNs) / NsPerUs, 1, uint.MaxValue);
        connection.LastActivityMs = _nowMs;
        _router.Connected(
            _router.Tables.Current, connection.App, connection.Client.Address, connection.BackendSlot, NowSeconds);
        _router.Slots.CountConnect(connection.BackendSlot, _nowNs - setup.AttemptStartedNs);
        if (setup.Peer == connection.Client) { FreeSetup(ref connection); }
        SetRelayTimer(ref connection);
        Receive(ref connection, FlowSide.Download);
        Advance(ref connection, FlowSide.Upload);
    }

    private void FreeSetup(ref Connection connection)
    {
        _setups.Free(connection.Setup);
        connection.Setup = -1;
    }

    /// <summary>
    /// This backend did not answer: give its seat back and try the next, unless attempts or time are used up.
    /// </summary>
    private void AttemptFailed(ref Connection connection, Errno error)
    {
        _counters.ConnectFailures++;
        connection.LastErrno = (ushort)error;
        CloseSocket(ref connection.BackendFd, reset: false);
        connection.SeatHeld = false;
        _router.ConnectFailed(
            _router.Tables.Current, connection.App, connection.Client.Address, connection.BackendSlot);

        if (Policy(connection) is not { } policy)
        {
            Close(ref connection, CloseReason.AppRemoved, EndedBy.Proxy, reset: true);
        }
        else if (policy.ConnectDeadlineMs > 0 && _nowMs >= DeadlineMs(connection, policy))
        {
            Close(ref connection, CloseReason.ConnectDeadline, EndedBy.Proxy, policy.ResetUnserved);
        }
        else if (connection.Attempts >= Math.Min(policy.ConnectAttempts, AttemptHistory.Capacity))
        {
            Close(ref connection, CloseReason.ConnectFailed, EndedBy.Proxy, policy.ResetUnserved);
        }
        else
        {
            StartAttempt(ref connection, policy);
        }
    }

    private static CloseReason Reason(PickOutcome outcome)
    {
        switch (outcome)
        {
            case PickOutcome.NoApp: return CloseReason.AppRemoved;
            case PickOutcome.NoBackend: return CloseReason.NoBackend;
            case PickOutcome.NoHealthyBackend: return CloseReason.NoHealthyBackend;
            case PickOutcome.BackendsFull: return CloseReason.BackendsFull;
            case PickOutcome.BindingUnavailable: return CloseReason.BindingUnavailable;
            case PickOutcome.Exhausted: return CloseReason.ConnectFailed;
            default:
                Invariant.Holds(false);
                return CloseReason.NoBackend;
        }
    }
}
