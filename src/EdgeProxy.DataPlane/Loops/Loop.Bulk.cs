using EdgeProxy.Linux;
using EdgeProxy.Telemetry;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Bulk flows: after enough full buffers the bytes move through a pipe inside the kernel. Small messages never do (a
/// spliced round trip costs more than a copied one), and a flow that turns to small messages goes back to copying.
/// </summary>
internal sealed partial class Loop
{
    /// <summary>Splices in one turn: one hot connection must not hold up the rest.</summary>
    private const int SplicesPerTurn = 4;

    /// <summary>A splice below this moved a message rather than bulk.</summary>
    private const int SmallSpliceBytes = 16 * 1024;

    private const byte SmallStreak = 16;

    private static OperationKind SourcePollKind(FlowSide side) =>
        side == FlowSide.Upload ? OperationKind.PollUploadSource : OperationKind.PollDownloadSource;

    private static OperationKind TargetPollKind(FlowSide side) =>
        side == FlowSide.Upload ? OperationKind.PollUploadTarget : OperationKind.PollDownloadTarget;

    private bool WantsBulk(in Connection connection, in Flow flow) => _settings.BulkAfterBytes > 0
        && flow.Streak >= FullStreak && flow.CopiedBytes >= _settings.BulkAfterBytes && flow.Bulk == BulkState.Copying
        && connection.State == ConnectionState.Relaying;

    /// <summary>Opens the pipe once the last receive has ended and the last buffer is sent.</summary>
    private void TryStartBulk(ref Connection connection, FlowSide side)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        if (flow.Receiving || flow.Sending || flow.QueueHead >= 0 || flow.Finished) { return; }
        flow.Streak = 0;
        flow.Paused = false;
        flow.Pipe = _pipes.Take();
        if (flow.Pipe < 0)
        {
            _counters.PipeShortages++;
            StopBulk(ref flow);
            Receive(ref connection, side);
            return;
        }

        flow.Bulk = BulkState.Splicing;
        PumpBulk(ref connection, side);
    }

    private void OnSourceReady(ref Connection connection, FlowSide side)
    {
        connection.Flows[(int)side].PollingSource = false;
        if (connection.State == ConnectionState.Relaying) { PumpBulk(ref connection, side); }
    }

    private void OnTargetReady(ref Connection connection, FlowSide side)
    {
        connection.Flows[(int)side].PollingTarget = false;
        if (connection.State == ConnectionState.Relaying) { PumpBulk(ref connection, side); }
        else if (connection.State == ConnectionState.Resetting) { ContinueReset(ref connection, side); }
    }

    private void PumpBulk(ref Connection connection, FlowSide side)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        if (flow.Bulk != BulkState.Splicing) { return; }
        for (int splices = 0; splices < SplicesPerTurn; splices++)
        {
            if (!EmptyPipe(ref connection, side)) { return; }
            if (flow.Finished)
            {
                EndBulk(ref flow);
                PassFinish(ref connection, side);
                return;
            }

            if (flow.Streak >= SmallStreak && !flow.PollingSource)
            {
                EndBulk(ref flow);
                Receive(ref connection, side);
                return;
            }

            if (!FillPipe(ref connection, side)) { return; }
        }

        // More may be waiting: the poll answers at once, after the other connections have had their turn.
        if (_pipes[flow.Pipe].Bytes > 0) { PollTarget(ref connection, side); }
        else { PollSource(ref connection, side); }
    }

    /// <returns>True when the pipe is empty.</returns>
    private bool EmptyPipe(ref Connection connection, FlowSide side)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        ref Pipe pipe = ref _pipes[flow.Pipe];
        while (pipe.Bytes > 0)
        {
            SysResult moved = _io.SpliceOut(pipe.Read, connection.Target(side), pipe.Bytes);
            if (moved.Error == Errno.EAGAIN || moved.Value == 0)
            {
                PollTarget(ref connection, side);
                return false;
            }

            if (!moved.Ok)
            {
                TargetFailed(ref connection, side, moved.Error);
                return false;
            }

            pipe.Bytes -= moved.Value;
            connection.LastActivityMs = _nowMs;
        }

        return true;
    }

    /// <returns>True when bytes or the FIN came.</returns>
    private bool FillPipe(ref Connection connection, FlowSide side)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        ref Pipe pipe = ref _pipes[flow.Pipe];
        SysResult moved = _io.SpliceIn(connection.Source(side), pipe.Write, _settings.PipeBytes);
        if (moved.Error == Errno.EAGAIN)
        {
            PollSource(ref connection, side);
            return false;
        }

        if (!moved.Ok)
        {
            SourceFailed(ref connection, side, moved.Error);
            return false;
        }

        if (moved.Value == 0)
        {
            if (flow.SourceReset)
            {
                SourceFailed(ref connection, side, Errno.ECONNRESET);
                return false;
            }

            flow.Finished = true;
            NoteEnd(ref connection, side == FlowSide.Upload ? EndedBy.Client : EndedBy.Backend);
            return true;
        }

        flow.Streak = moved.Value < SmallSpliceBytes ? (byte)(flow.Streak + 1) : (byte)0;
        pipe.Bytes += moved.Value;
        flow.Bytes += moved.Value;
        connection.LastActivityMs = _nowMs;
        _counters.SplicedBytes += moved.Value;
        CountBytes(ref connection, side, moved.Value);
        return true;
    }

    private void PollSource(ref Connection connection, FlowSide side)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        if (flow.PollingSource) { return; }
        flow.PollingSource = true;
        _io.Poll(
            connection.Source(side), PollEvents.Readable | PollEvents.PeerFinished,
            connection.Token(SourcePollKind(side)));
    }

    private void PollTarget(ref Connection connection, FlowSide side)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        if (flow.PollingTarget) { return; }
        flow.PollingTarget = true;
        _io.Poll(connection.Target(side), PollEvents.Writable, connection.Token(TargetPollKind(side)));
    }

    private void EndBulk(ref Flow flow)
    {
        _pipes.Give(flow.Pipe);
        flow.Pipe = -1;
        StopBulk(ref flow);
    }

    private static void StopBulk(ref Flow flow)
    {
        flow.Bulk = BulkState.Copying;
        flow.Streak = 0;
        flow.CopiedBytes = 0;
    }
}
