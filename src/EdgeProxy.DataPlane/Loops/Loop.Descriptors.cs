using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.DataPlane;

/// <summary>
/// A host without descriptors: a client that has been accepted waits for its backend's, with its seat, until one is
/// given back. Accepting rests meanwhile, so that those who wait are not overtaken.
/// </summary>
internal sealed partial class Loop
{
    /// <summary>Errors of a host that is out of descriptors or memory.</summary>
    internal static bool IsHostShort(Errno error) =>
        error is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM or Errno.ENOBUFS;

    private SysResult OpenBackend(bool ipv6)
    {
        SysResult opened = _io.OpenStream(ipv6);
        if (opened.Ok || !IsHostShort(opened.Error)) { return opened; }
        RestAccepting();
        _pipes.Clear(); // Idle ones: two descriptors each.
        _spare.GiveUpOne();
        return _io.OpenStream(ipv6);
    }

    /// <returns>False when the client has waited long enough and is closed.</returns>
    private bool AwaitDescriptor(ref Connection connection, AppPolicy policy, Errno error)
    {
        connection.LastErrno = (ushort)error;
        ref Setup setup = ref _setups[connection.Setup];
        long endMs = policy.ConnectDeadlineMs > 0
            ? DeadlineMs(connection, policy)
            : (setup.AttemptStartedNs / NsPerMs) + OpenWaitMaxMs;
        if (_nowMs >= endMs)
        {
            Close(ref connection, CloseReason.Shortage, EndedBy.Proxy, policy.ResetUnserved);
            return false;
        }

        setup.OpenPauseMs = Math.Clamp(setup.OpenPauseMs * 2, OpenRetryFirstMs, OpenRetryMaxMs);
        _timers.Set(ref connection, Math.Min(_nowMs + setup.OpenPauseMs, endMs));
        return true;
    }

    /// <summary>Tries again. The seat is kept as long as the table, as it is by now, sends clients there.</summary>
    private void RetryOpen(ref Connection connection)
    {
        if (Policy(connection) is not { } policy)
        {
            Close(ref connection, CloseReason.AppRemoved, EndedBy.Proxy, reset: true);
            return;
        }

        RoutingTable table = _router.Tables.Current;
        if (Router.StillServes(table, connection.App, connection.BackendSlot, out IpEndpoint endpoint))
        {
            Connect(ref connection, policy, endpoint);
            return;
        }

        connection.SeatHeld = false;
        _router.Release(table, connection.App, connection.Client.Address, connection.BackendSlot, NowSeconds);
        _setups[connection.Setup].History.RemoveLast();
        StartAttempt(ref connection, policy);
    }
}
