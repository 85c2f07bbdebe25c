namespace EdgeProxy.Telemetry;

/// <summary>
/// What one loop counts. The loop alone writes, with plain stores; any thread reads, each field by itself whole.
/// All are totals since the start unless their name ends in Current.
/// </summary>
public sealed class LoopCounters
{
    private readonly long[] _closes = new long[Enum.GetValues<CloseReason>().Length];

    public long Accepted;
    public long ConnectionsCurrent;
    public long ConnectAttempts;
    public long ConnectFailures;
    public long UploadBytes;
    public long DownloadBytes;

    /// <summary>Bytes that went through a pipe, never seen by user space.</summary>
    public long SplicedBytes;

    /// <summary>Bytes that went through a buffer.</summary>
    public long CopiedBytes;

    /// <summary>Times accepting was paused because the host was out of descriptors or memory.</summary>
    public long AcceptPauses;

    /// <summary>Times accepting was paused at the connection cap.</summary>
    public long CapPauses;

    /// <summary>Accepts that failed for another reason than shortage.</summary>
    public long AcceptFailures;

    /// <summary>The error (errno) of the last of them.</summary>
    public long AcceptLastErrno;

    /// <summary>Times a receive found no free buffer.</summary>
    public long BufferShortages;

    /// <summary>Times a pipe could not be had and a bulk flow went on copying.</summary>
    public long PipeShortages;

    /// <summary>Odd but survivable events: each is worth a look.</summary>
    public long Glitches;

    /// <summary>Turns of the loop: a heartbeat.</summary>
    public long Turns;

    /// <summary>Monotonic nanoseconds at the end of the last turn; 0 while it waits for events.</summary>
    public long TurnStartedNs;

    /// <summary>Nanoseconds spent working rather than waiting.</summary>
    public long BusyNs;

    /// <summary>Managed bytes the loop's thread has allocated since the loop was made; 0 in steady state.</summary>
    public long AllocatedBytes;

    public long PipesCurrent;
    public long BuffersUsedCurrent;

    public long Closed(CloseReason reason) => Volatile.Read(ref _closes[(int)reason]);

    public void CountAcceptFailure(int errno)
    {
        AcceptFailures++;
        AcceptLastErrno = errno;
    }

    public void CountClose(CloseReason reason) => _closes[(int)reason]++;
}
