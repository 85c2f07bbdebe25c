using EdgeProxy.Routing;

namespace EdgeProxy.Telemetry;

/// <summary>What is known of one connection when it closes: the log line before it is text. No references.</summary>
public struct ConnectionRecord
{
    /// <summary>Unix time of the close, in milliseconds.</summary>
    public long ClosedAtUnixMs;

    /// <summary>The client, as routing saw it (from the PROXY header where there was one).</summary>
    public IpEndpoint Client;

    /// <summary>The TCP peer; differs from <see cref="Client"/> behind a PROXY header.</summary>
    public IpEndpoint Peer;

    public Country Country;

    /// <summary>App number (the routing table's stable app id).</summary>
    public int App;

    /// <summary>Backend slot, or -1 when none was reached.</summary>
    public int BackendSlot;

    public long UploadBytes;
    public long DownloadBytes;

    /// <summary>From accept to the first connect attempt, in microseconds.</summary>
    public uint WaitUs;

    /// <summary>
    /// From the first connect attempt to the established connection, in microseconds; 0 when none was.
    /// </summary>
    public uint ConnectUs;

    /// <summary>From accept to close, in microseconds.</summary>
    public long TotalUs;

    /// <summary>errno of the last failed attempt or of the end, 0 for none.</summary>
    public ushort LastErrno;

    public byte Attempts;
    public CloseReason Reason;
    public EndedBy EndedBy;
    public ConnectionPhase Phase;

    /// <summary>The backend came from the client's binding.</summary>
    public bool FromBinding;
}
