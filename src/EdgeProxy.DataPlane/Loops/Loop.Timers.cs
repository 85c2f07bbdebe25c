using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Deadlines. A connection has one timer; activity does not touch it, it only writes the time, and the timer looks at
/// that when it is due. So a busy connection costs no timer work.
/// </summary>
internal sealed partial class Loop
{
    private const int TimersPerTurn = 1024;

    /// <summary>A connection this old is no one-request connection: keepalive is set, its bytes are reported.</summary>
    private const int SettledMs = 10_000;

    /// <summary>A reload may bring limits, or shorter ones: connections that are up follow it within so long.</summary>
    private const int LookAgainMs = 60_000;

    /// <summary>Between two looks at whether a dying connection's last bytes have left.</summary>
    private const int ResetCheckMs = 16;

    private void FireTimers()
    {
        for (int fired = 0; fired < TimersPerTurn; fired++)
        {
            int due = _timers.TakeDue(_nowMs);
            if (due < 0) { return; }
            ref Connection connection = ref _connections[due];
            OnTimer(ref connection);
            if (connection.State == ConnectionState.Closing) { FreeWhenIdle(ref connection); }
        }
    }

    private void OnTimer(ref Connection connection)
    {
        switch (connection.State)
        {
            case ConnectionState.Header:
                HeaderIncomplete(ref connection, timedOut: true);
                break;
            case ConnectionState.Connecting when !connection.Connecting:
                RetryOpen(ref connection);
                break;
            case ConnectionState.Connecting:
                // The connect completes as cancelled, and that is the failed attempt.
                connection.AttemptTimedOut = true;
                _io.Cancel(connection.BackendFd, connection.Token(OperationKind.Connect));
                break;
            case ConnectionState.Relaying:
                CheckRelay(ref connection);
                break;
            case ConnectionState.Resetting:
                CheckReset(ref connection);
                break;
            default:
                Invariant.Holds(false);
                break;
        }
    }

    private void CheckRelay(ref Connection connection)
    {
        AppPolicy? policy = Policy(connection);
        if (policy is not null && _nowMs >= LifetimeEndMs(connection, policy))
        {
            Close(ref connection, CloseReason.LifetimeReached, EndedBy.Proxy, reset: true);
            return;
        }

        bool half = IsHalfClosed(connection);
        int silenceMs = half ? policy?.HalfClosedTimeoutMs ?? 0 : policy?.IdleTimeoutMs ?? 0;
        if (silenceMs > 0 && _nowMs - connection.LastActivityMs >= silenceMs)
        {
            CloseReason reason = half ? CloseReason.HalfClosedTimeout : CloseReason.IdleTimeout;
            Close(ref connection, reason, EndedBy.Proxy, reset: true);
            return;
        }

        if (_nowMs - (connection.AcceptedNs / NsPerMs) >= SettledMs) { Settle(ref connection); }
        SetRelayTimer(ref connection);
    }

    private void Settle(ref Connection connection)
    {
        ReportBytes(ref connection);
        if (connection.KeepAliveSet || !_settings.KeepAlive) { return; }
        connection.KeepAliveSet = true;
        Fd backend = connection.BackendFd;
        _io.Set(backend, SocketOption.KeepAlive, 1);
        SetIfPositive(backend, SocketOption.KeepAliveIdleSeconds, _settings.KeepAliveIdleSeconds);
        SetIfPositive(backend, SocketOption.KeepAliveIntervalSeconds, _settings.KeepAliveIntervalSeconds);
        SetIfPositive(backend, SocketOption.KeepAliveProbes, _settings.KeepAliveProbes);
    }

    private void SetIfPositive(Fd socket, SocketOption option, int value)
    {
        if (value > 0) { _io.Set(socket, option, value); }
    }

    private void SetRelayTimer(ref Connection connection)
    {
        AppPolicy? policy = Policy(connection);
        long due = _nowMs + LookAgainMs;
        if (!connection.KeepAliveSet && _settings.KeepAlive)
        {
            due = Math.Min(due, (connection.AcceptedNs / NsPerMs) + SettledMs);
        }

        if (policy is not null)
        {
            int silenceMs = IsHalfClosed(connection) ? policy.HalfClosedTimeoutMs : policy.IdleTimeoutMs;
            if (silenceMs > 0) { due = Math.Min(due, connection.LastActivityMs + silenceMs); }
            due = Math.Min(due, LifetimeEndMs(connection, policy));
        }

        _timers.SetNoLaterThan(ref connection, Math.Max(due, _nowMs + 1));
    }

    private static long LifetimeEndMs(in Connection connection, AppPolicy policy) =>
        policy.LifetimeMs > 0 ? (connection.AcceptedNs / NsPerMs) + policy.LifetimeMs : long.MaxValue;

    private static bool IsHalfClosed(in Connection connection) =>
        connection.Flows[(int)FlowSide.Upload].Shut || connection.Flows[(int)FlowSide.Download].Shut;
}
