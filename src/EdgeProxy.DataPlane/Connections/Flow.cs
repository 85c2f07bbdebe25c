namespace EdgeProxy.DataPlane;

/// <summary>
/// One direction of a connection: what has been received and not yet sent, and how far its end has come. Bytes wait
/// either in a chain of buffers or in a pipe, never in both.
/// </summary>
internal struct Flow
{
    /// <summary>Bytes received from the source.</summary>
    internal long Bytes;

    /// <summary>Of <see cref="Bytes"/>, those not yet added to the backend's totals.</summary>
    internal int UnreportedBytes;

    /// <summary>Received through buffers since the start or the last pipe, up to what makes a flow bulk.</summary>
    internal int CopiedBytes;

    internal int QueueHead; // Buffer numbers, chained by the loop; -1 is none.
    internal int QueueTail;
    internal int SentOfHead;
    internal int Pipe; // While splicing: its number.
    internal ushort QueueCount;

    /// <summary>Consecutive receives that filled their buffer, or splices that moved little.</summary>
    internal byte Streak;

    internal BulkState Bulk;
    internal bool Receiving;
    internal bool Sending;
    internal bool PollingSource;
    internal bool PollingTarget;

    /// <summary>Receiving is held back because the target is slower.</summary>
    internal bool Paused;

    /// <summary>Waits for a free buffer.</summary>
    internal bool Starved;

    /// <summary>The source has sent its FIN.</summary>
    internal bool Finished;

    /// <summary>The source is known to be reset: its end, however it shows, is a reset.</summary>
    internal bool SourceReset;

    /// <summary>The FIN has been passed on to the target.</summary>
    internal bool Shut;

    /// <summary>The target has been sent something before: the second write sets TCP_NODELAY.</summary>
    internal bool Wrote;
    internal bool TargetNoDelay;

    internal readonly int OperationsInFlight =>
        (Receiving ? 1 : 0) + (Sending ? 1 : 0) + (PollingSource ? 1 : 0) + (PollingTarget ? 1 : 0);

    internal void Start() => QueueHead = QueueTail = Pipe = -1;
}
