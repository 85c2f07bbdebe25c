using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Endings. A FIN is passed on as a FIN and a RST as a RST, after the bytes that came before it. A slot is freed only
/// when no operation of it is in flight: until then the kernel may still write to its buffers.
/// </summary>
internal sealed partial class Loop
{
    /// <summary>How long the last bytes before a RST may take to leave.</summary>
    private const int ResetFlushMs = 2_000;

    private int _recordCountdown;

    private static void NoteEnd(ref Connection connection, EndedBy side)
    {
        if (connection.HasEnded) { return; }
        connection.HasEnded = true;
        connection.EndedBy = side;
    }

    /// <summary>The source of a flow was reset or became unreachable: its target is to see the same.</summary>
    private void SourceFailed(ref Connection connection, FlowSide side, Errno error)
    {
        if (IsShortage(error))
        {
            EndShort(ref connection, error);
            return;
        }

        bool client = side == FlowSide.Upload;
        NoteEnd(ref connection, client ? EndedBy.Client : EndedBy.Backend);
        connection.LastErrno = (ushort)error;
        connection.Reason = client ? CloseReason.ClientReset : CloseReason.BackendReset;
        connection.ResetBackend = connection.ResetClient = true; // Never a FIN to either: it would say that all had come.
        if (connection.State != ConnectionState.Relaying)
        {
            Close(ref connection, CloseReason.ClientGone, EndedBy.Client, reset: true);
            return;
        }

        // What the source sent before its RST still belongs to the target, as it would on a direct connection.
        connection.Enter(ConnectionState.Resetting);
        CancelFlow(ref connection, Other(side));
        _timers.Set(ref connection, _nowMs + ResetCheckMs);
        connection.LastActivityMs = _nowMs;
        ContinueReset(ref connection, side);
    }

    /// <summary>The target of a flow takes no more bytes: it was reset.</summary>
    private void TargetFailed(ref Connection connection, FlowSide side, Errno error)
    {
        if (connection.State == ConnectionState.Resetting)
        {
            // The other flow's bytes were for the one who has reset: that they cannot go there says nothing new.
            if (side == DyingFlow(connection)) { Close(ref connection, connection.Reason, connection.EndedBy, reset: true); }
            return;
        }

        if (IsShortage(error))
        {
            EndShort(ref connection, error);
            return;
        }

        // Its own flow still holds what it sent before; a receive that is armed delivers that first, then the error.
        // One that is finished and still armed has been cancelled, since its target failed as well: both sides are
        // gone.
        FlowSide reverse = Other(side);
        ref Flow returning = ref connection.Flows[(int)reverse];
        if (!returning.Finished && (returning.Receiving || returning.PollingSource))
        {
            CancelFlow(ref connection, side);
            DropQueue(ref connection.Flows[(int)side]);
            connection.Flows[(int)side].Finished = connection.Flows[(int)side].Shut = true;
            returning.SourceReset = true; // The send took the socket's error: the receive would show a plain end.
            connection.LastErrno = (ushort)error;
            return;
        }

        SourceFailed(ref connection, reverse, error);
    }

    /// <summary>Errors that say nothing of the peer: the host ran short, the connection itself lives on.</summary>
    private static bool IsShortage(Errno error) => error is Errno.ENOMEM or Errno.ENOBUFS;

    /// <summary>Bytes are lost and neither side knows: both are told at once.</summary>
    private void EndShort(ref Connection connection, Errno error)
    {
        connection.LastErrno = (ushort)error;
        Close(ref connection, CloseReason.Shortage, EndedBy.Proxy, reset: true);
    }

    private void ContinueReset(ref Connection connection, FlowSide side)
    {
        if (side != DyingFlow(connection)) { return; } // Something of the other flow was still in flight.
        ref Flow flow = ref connection.Flows[(int)side];
        Send(ref connection, side);
        if (flow.Sending || flow.PollingTarget || connection.State != ConnectionState.Resetting) { return; }
        if (flow.Bulk == BulkState.Splicing && !EmptyPipe(ref connection, side)) { return; }
        if (connection.State == ConnectionState.Resetting && IsFlushed(connection, side))
        {
            Close(ref connection, connection.Reason, connection.EndedBy, reset: true);
        }
    }

    private bool IsFlushed(in Connection connection, FlowSide side)
    {
        SysResult unsent = _io.UnsentBytes(connection.Target(side));
        return !unsent.Ok || unsent.Value == 0;
    }

    private void CheckReset(ref Connection connection)
    {
        if (_nowMs - connection.LastActivityMs >= ResetFlushMs)
        {
            Close(ref connection, connection.Reason, connection.EndedBy, reset: true);
            return;
        }

        _timers.Set(ref connection, _nowMs + ResetCheckMs);
        ContinueReset(ref connection, DyingFlow(connection));
    }

    /// <summary>
    /// Of a connection that is resetting: the flow whose source was reset and whose last bytes are on their way.
    /// </summary>
    private static FlowSide DyingFlow(in Connection connection) =>
        connection.Reason == CloseReason.ClientReset ? FlowSide.Upload : FlowSide.Download;

    /// <summary>
    /// Decides the end: everything in flight is cancelled, the seat is given back, the ending is counted.
    /// </summary>
    private void Close(ref Connection connection, CloseReason reason, EndedBy endedBy, bool reset)
    {
        ConnectionPhase phase = Phase(connection);
        NoteEnd(ref connection, endedBy);
        connection.Enter(ConnectionState.Closing);
        connection.Reason = reason;
        connection.ResetClient |= reset && endedBy != EndedBy.Client;
        connection.ResetBackend |= reset && endedBy != EndedBy.Backend;
        _timers.Clear(ref connection);
        if (connection.Connecting) { _io.Cancel(connection.BackendFd, connection.Token(OperationKind.Connect)); }
        CancelFlow(ref connection, FlowSide.Upload);
        CancelFlow(ref connection, FlowSide.Download);
        _counters.CountClose(reason);
        if (connection.SeatHeld)
        {
            ReportBytes(ref connection);
            connection.SeatHeld = false;
            _router.Release(
                _router.Tables.Current, connection.App, connection.Client.Address, connection.BackendSlot, NowSeconds);
        }

        Record(connection, phase);
    }

    private void CancelFlow(ref Connection connection, FlowSide side)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        Fd source = connection.Source(side);
        Fd target = connection.Target(side);
        if (flow.Receiving) { _io.Cancel(source, connection.Token(ReceiveKind(side))); }
        if (flow.PollingSource) { _io.Cancel(source, connection.Token(SourcePollKind(side))); }
        if (flow.Sending) { _io.Cancel(target, connection.Token(SendKind(side))); }
        if (flow.PollingTarget) { _io.Cancel(target, connection.Token(TargetPollKind(side))); }
    }

    private void FreeWhenIdle(ref Connection connection)
    {
        Invariant.Holds(connection.State == ConnectionState.Closing);
        if (connection.OperationsInFlight > 0) { return; } // The last completion calls again.
        DropQueue(ref connection.Upload);
        DropQueue(ref connection.Download);
        if (connection.Setup >= 0) { FreeSetup(ref connection); }
        CloseSocket(ref connection.ClientFd, connection.ResetClient);
        CloseSocket(ref connection.BackendFd, connection.ResetBackend);
        connection.Enter(ConnectionState.Free);
        _connections.Free(ref connection);
        _budget.Give();
        _spare.Refill();
    }

    private void CloseSocket(ref Fd socket, bool reset)
    {
        if (!socket.IsOpen) { return; }
        if (reset) { _io.CloseWithReset(socket); }
        else { _io.Close(socket); }
        socket = Fd.None;
    }

    /// <summary>
    /// Gives back what a flow holds; a buffer that is being sent stays until that send has completed.
    /// </summary>
    private void DropQueue(ref Flow flow)
    {
        if (flow.Bulk == BulkState.Splicing) { EndBulk(ref flow); }
        int kept = flow.Sending ? flow.QueueHead : -1;
        int buffer = flow.Sending ? _nextBuffer[flow.QueueHead] : flow.QueueHead;
        while (buffer >= 0)
        {
            int next = _nextBuffer[buffer];
            _io.Return(buffer);
            buffer = next;
        }

        flow.QueueHead = flow.QueueTail = kept;
        flow.QueueCount = (ushort)(kept < 0 ? 0 : 1);
        if (kept >= 0) { _nextBuffer[kept] = -1; }
    }

    private static ConnectionPhase Phase(in Connection connection)
    {
        switch (connection.State)
        {
            case ConnectionState.Header: return ConnectionPhase.Header;
            case ConnectionState.Connecting:
                return connection.BackendSlot < 0 ? ConnectionPhase.Choosing : ConnectionPhase.Connecting;
            default: return IsHalfClosed(connection) ? ConnectionPhase.HalfClosed : ConnectionPhase.Relaying;
        }
    }

    private void Record(in Connection connection, ConnectionPhase phase)
    {
        if (_records is null || _settings.RecordEvery == 0) { return; }
        if (--_recordCountdown > 0) { return; }
        _recordCountdown = _settings.RecordEvery;
        _records.TryWrite(new ConnectionRecord
        {
            ClosedAtUnixMs = _settings.UnixMsAtClockZero + _nowMs,
            Client = connection.Client,
            Peer = connection.Setup < 0 ? connection.Client : _setups[connection.Setup].Peer,
            Country = connection.Country,
            App = connection.App,
            BackendSlot = connection.BackendSlot,
            UploadBytes = connection.Flows[(int)FlowSide.Upload].Bytes,
            DownloadBytes = connection.Flows[(int)FlowSide.Download].Bytes,
            WaitUs = connection.WaitUs,
            ConnectUs = connection.ConnectUs,
            TotalUs = (_nowNs - connection.AcceptedNs) / NsPerUs,
            LastErrno = connection.LastErrno,
            Attempts = connection.Attempts,
            Reason = connection.Reason,
            EndedBy = connection.EndedBy,
            Phase = phase,
            FromBinding = connection.FromBinding,
        });
    }
}
