using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Moving bytes through buffers: each received buffer is queued on its flow and sent from there; one send is in flight
/// per flow. A flow whose target is slower stops receiving, so the source's window closes and nothing grows.
/// </summary>
internal sealed partial class Loop
{
    /// <summary>Buffers a flow may hold before its source is held back.</summary>
    private const int QueueHighMark = 4;

    /// <summary>Full buffers in a row that make a flow bulk.</summary>
    private const int FullStreak = 4;

    /// <summary>Bytes after which a long flow's progress is added to its backend's totals.</summary>
    private const int ReportEveryBytes = 1 << 20;

    /// <summary>Waiting flows a burst may leave at once without a larger queue; address space until then.</summary>
    private const int StarvedExpected = 4096;

    private readonly Queue<(int Index, uint Generation)> _starved = new(StarvedExpected);
    private int _starvedCount;

    private static OperationKind ReceiveKind(FlowSide side) =>
        side == FlowSide.Upload ? OperationKind.ReceiveUpload : OperationKind.ReceiveDownload;

    private static OperationKind SendKind(FlowSide side) =>
        side == FlowSide.Upload ? OperationKind.SendUpload : OperationKind.SendDownload;

    private static FlowSide Other(FlowSide side) => side == FlowSide.Upload ? FlowSide.Download : FlowSide.Upload;

    private void Receive(ref Connection connection, FlowSide side)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        if (flow.Receiving || flow.Finished || flow.Paused || flow.Starved || flow.Bulk != BulkState.Copying) { return; }
        flow.Receiving = true;
        _io.Receive(connection.Source(side), connection.Token(ReceiveKind(side)));
    }

    private void OnReceived(ref Connection connection, FlowSide side, in Completion done)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        if (!done.More) { flow.Receiving = false; }
        if (flow.Finished || connection.State is ConnectionState.Closing or ConnectionState.Resetting)
        {
            if (done.Buffer >= 0) { _io.Return(done.Buffer); }
            return;
        }

        if (done.Result > 0) { TakeBytes(ref connection, side, done); }
        else if (done.Result == 0) { SourceFinished(ref connection, side); }
        else if (done.Error == Errno.ENOBUFS) { Starve(ref connection, side); }
        else if (done.Error != Errno.ECANCELED) { SourceFailed(ref connection, side, done.Error); }

        if (flow.Receiving || connection.State is ConnectionState.Closing or ConnectionState.Resetting) { return; }
        if (flow.Bulk == BulkState.Switching) { TryStartBulk(ref connection, side); }
        else if (flow.Bulk == BulkState.Copying) { Receive(ref connection, side); }
    }

    private void TakeBytes(ref Connection connection, FlowSide side, in Completion done)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        Enqueue(ref flow, done.Buffer, done.Result);
        flow.Bytes += done.Result;
        flow.CopiedBytes = Math.Min(flow.CopiedBytes + done.Result, _settings.BulkAfterBytes);
        connection.LastActivityMs = _nowMs;
        if (connection.State == ConnectionState.Header)
        {
            ReadHeader(ref connection);
            return;
        }

        _counters.CopiedBytes += done.Result;
        CountBytes(ref connection, side, done.Result);
        Send(ref connection, side);
        if (done.Result < _io.BufferBytes) { flow.Streak = 0; }
        else if (flow.Streak < FullStreak) { flow.Streak++; }

        if (WantsBulk(connection, flow)) { flow.Bulk = BulkState.Switching; }
        else if (flow.QueueCount >= QueueHighMark) { flow.Paused = true; }
        else { return; }
        if (flow.Receiving) { _io.Cancel(connection.Source(side), connection.Token(ReceiveKind(side))); }
    }

    private void CountBytes(ref Connection connection, FlowSide side, long count)
    {
        if (side == FlowSide.Upload) { _counters.UploadBytes += count; }
        else { _counters.DownloadBytes += count; }
        ref Flow flow = ref connection.Flows[(int)side];
        flow.UnreportedBytes += (int)count;
        if (flow.UnreportedBytes >= ReportEveryBytes && connection.SeatHeld) { ReportBytes(ref connection); }
    }

    private void ReportBytes(ref Connection connection)
    {
        ref Flow upload = ref connection.Upload;
        ref Flow download = ref connection.Download;
        _router.Slots.AddBytes(connection.BackendSlot, upload.UnreportedBytes, download.UnreportedBytes);
        upload.UnreportedBytes = download.UnreportedBytes = 0;
    }

    private void SourceFinished(ref Connection connection, FlowSide side)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        if (flow.SourceReset)
        {
            SourceFailed(ref connection, side, Errno.ECONNRESET);
            return;
        }

        flow.Finished = true;
        NoteEnd(ref connection, side == FlowSide.Upload ? EndedBy.Client : EndedBy.Backend);
        if (connection.State == ConnectionState.Header) { HeaderIncomplete(ref connection, timedOut: false); }
        else { Advance(ref connection, side); }
    }

    /// <summary>Sends the head of the queue, unless a send is in flight or the backend is not there yet.</summary>
    private void Send(ref Connection connection, FlowSide side)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        if (flow.Sending || flow.QueueHead < 0
            || connection.State is not (ConnectionState.Relaying or ConnectionState.Resetting))
        {
            return;
        }

        Fd target = connection.Target(side);
        if (flow.Wrote && !flow.TargetNoDelay)
        {
            // A connection of one request never pays for this; the first write goes out at once anyway.
            flow.TargetNoDelay = true;
            _io.Set(target, SocketOption.NoDelay, 1);
        }

        flow.Wrote = true;
        flow.Sending = true;
        int count = _bufferCount[flow.QueueHead] - flow.SentOfHead;
        _io.Send(target, flow.QueueHead, flow.SentOfHead, count, connection.Token(SendKind(side)));
    }

    private void OnSent(ref Connection connection, FlowSide side, in Completion done)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        flow.Sending = false;
        if (connection.State == ConnectionState.Closing) { return; }
        if (!done.Ok)
        {
            if (done.Error != Errno.ECANCELED) { TargetFailed(ref connection, side, done.Error); }
            return;
        }

        connection.LastActivityMs = _nowMs;
        flow.SentOfHead += done.Result;
        if (flow.SentOfHead < _bufferCount[flow.QueueHead])
        {
            // io_uring tells how much went out and keeps the error that stopped it: a receive would show a plain end.
            connection.Flows[(int)Other(side)].SourceReset = true;
        }

        if (flow.SentOfHead >= _bufferCount[flow.QueueHead]) { Dequeue(ref flow); }
        if (connection.State == ConnectionState.Resetting) { ContinueReset(ref connection, side); }
        else { Advance(ref connection, side); }
    }

    /// <summary>
    /// Takes a flow as far as it can go now: send, pass the FIN on, switch to a pipe, or receive again.
    /// </summary>
    private void Advance(ref Connection connection, FlowSide side)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        Send(ref connection, side);
        if (flow.Sending || connection.State != ConnectionState.Relaying) { return; }
        if (flow.Bulk == BulkState.Splicing) { PumpBulk(ref connection, side); }
        else if (flow.QueueHead >= 0) { return; }
        else if (flow.Finished) { PassFinish(ref connection, side); }
        else if (flow.Bulk == BulkState.Switching) { TryStartBulk(ref connection, side); }
        else
        {
            flow.Paused = false;
            Receive(ref connection, side);
        }
    }

    private void PassFinish(ref Connection connection, FlowSide side)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        if (flow.Shut) { return; }
        flow.Shut = true;
        if (connection.Flows[(int)Other(side)].Shut)
        {
            Close(ref connection, CloseReason.Finished, connection.EndedBy, reset: false);
            return;
        }

        SysResult shut = _io.ShutdownSend(connection.Target(side));
        if (!shut.Ok) { TargetFailed(ref connection, side, shut.Error); }
        else { SetRelayTimer(ref connection); }
    }

    private void Starve(ref Connection connection, FlowSide side)
    {
        ref Flow flow = ref connection.Flows[(int)side];
        flow.Starved = true;
        _counters.BufferShortages++;
        _starvedCount++;
        _starved.Enqueue((connection.Index, connection.Generation));
    }

    /// <summary>Flows that found no buffer receive again, first come first served, as buffers come back.</summary>
    private void FeedStarved()
    {
        for (int left = Math.Min(_starvedCount, _io.BuffersFree); left > 0; left--)
        {
            (int index, uint generation) = _starved.Dequeue();
            _starvedCount--;
            ref Connection connection = ref _connections[index];
            if (connection.Generation != generation) { continue; }
            for (FlowSide side = FlowSide.Upload; side <= FlowSide.Download; side++)
            {
                ref Flow flow = ref connection.Flows[(int)side];
                if (!flow.Starved) { continue; }
                flow.Starved = false;
                if (connection.State is ConnectionState.Header or ConnectionState.Connecting or ConnectionState.Relaying)
                {
                    Receive(ref connection, side);
                }
            }
        }
    }

    private void Enqueue(ref Flow flow, int buffer, int count)
    {
        _nextBuffer[buffer] = -1;
        _bufferCount[buffer] = count;
        if (flow.QueueHead < 0) { flow.QueueHead = buffer; }
        else { _nextBuffer[flow.QueueTail] = buffer; }
        flow.QueueTail = buffer;
        flow.QueueCount++;
    }

    private void Prepend(ref Flow flow, int buffer, int count)
    {
        Invariant.Holds(!flow.Sending);

        // A head that is partly consumed (its PROXY header was cut off) is moved to its start.
        if (flow.SentOfHead > 0)
        {
            Span<byte> head = _io.Bytes(flow.QueueHead)[.._bufferCount[flow.QueueHead]];
            head[flow.SentOfHead..].CopyTo(head);
            _bufferCount[flow.QueueHead] -= flow.SentOfHead;
            flow.SentOfHead = 0;
        }

        _nextBuffer[buffer] = flow.QueueHead;
        _bufferCount[buffer] = count;
        flow.QueueHead = buffer;
        if (flow.QueueTail < 0) { flow.QueueTail = buffer; }
        flow.QueueCount++;
    }

    private void Dequeue(ref Flow flow)
    {
        int buffer = flow.QueueHead;
        flow.QueueHead = _nextBuffer[buffer];
        if (flow.QueueHead < 0) { flow.QueueTail = -1; }
        flow.QueueCount--;
        flow.SentOfHead = 0;
        _io.Return(buffer);
    }
}
