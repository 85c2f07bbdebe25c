using EdgeProxy.Telemetry;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// The sum of all loops' counters at one moment. The loops go on counting while it is taken, so its fields may be of
/// slightly different moments; none ever goes back.
/// </summary>
internal sealed class LoopTotals
{
    private readonly long[] _closed = new long[Enum.GetValues<CloseReason>().Length];

    public long Accepted { get; private set; }

    public long ConnectionsCurrent { get; private set; }

    public long ConnectAttempts { get; private set; }

    public long ConnectFailures { get; private set; }

    public long UploadBytes { get; private set; }

    public long DownloadBytes { get; private set; }

    public long SplicedBytes { get; private set; }

    public long CopiedBytes { get; private set; }

    public long AcceptPauses { get; private set; }

    public long CapPauses { get; private set; }

    public long AcceptFailures { get; private set; }

    public long BufferShortages { get; private set; }

    public long PipeShortages { get; private set; }

    public long PipesCurrent { get; private set; }

    public long BuffersUsedCurrent { get; private set; }

    public long Glitches { get; private set; }

    /// <summary>Connections that ended for a reason of <see cref="IsUnserved"/>.</summary>
    public long Unserved { get; private set; }

    public long Closed(CloseReason reason) => _closed[(int)reason];

    /// <summary>The client got no backend, through no doing of its own side of the relay.</summary>
    public static bool IsUnserved(CloseReason reason) => reason switch
    {
        CloseReason.NoBackend or CloseReason.NoHealthyBackend or CloseReason.BackendsFull
            or CloseReason.BindingUnavailable or CloseReason.ConnectFailed or CloseReason.ConnectDeadline
            or CloseReason.ProxyHeaderMalformed or CloseReason.ProxyHeaderMissing or CloseReason.ProxyHeaderTimeout
            or CloseReason.ProxyHeaderUntrusted or CloseReason.Shortage or CloseReason.AppRemoved => true,
        _ => false,
    };

    public void Sum(IReadOnlyList<LoopCounters> loops)
    {
        Clear();
        for (int i = 0; i < loops.Count; i++) { Add(loops[i]); }
    }

    private void Add(LoopCounters loop)
    {
        Accepted += Volatile.Read(ref loop.Accepted);
        ConnectionsCurrent += Volatile.Read(ref loop.ConnectionsCurrent);
        ConnectAttempts += Volatile.Read(ref loop.ConnectAttempts);
        ConnectFailures += Volatile.Read(ref loop.ConnectFailures);
        UploadBytes += Volatile.Read(ref loop.UploadBytes);
        DownloadBytes += Volatile.Read(ref loop.DownloadBytes);
        SplicedBytes += Volatile.Read(ref loop.SplicedBytes);
        CopiedBytes += Volatile.Read(ref loop.CopiedBytes);
        AcceptPauses += Volatile.Read(ref loop.AcceptPauses);
        CapPauses += Volatile.Read(ref loop.CapPauses);
        AcceptFailures += Volatile.Read(ref loop.AcceptFailures);
        BufferShortages += Volatile.Read(ref loop.BufferShortages);
        PipeShortages += Volatile.Read(ref loop.PipeShortages);
        PipesCurrent += Volatile.Read(ref loop.PipesCurrent);
        BuffersUsedCurrent += Volatile.Read(ref loop.BuffersUsedCurrent);
        Glitches += Volatile.Read(ref loop.Glitches);
        for (int reason = 0; reason < _closed.Length; reason++)
        {
            long closed = loop.Closed((CloseReason)reason);
            _closed[reason] += closed;
            if (IsUnserved((CloseReason)reason)) { Unserved += closed; }
        }
    }

    private void Clear()
    {
        Accepted = ConnectionsCurrent = ConnectAttempts = ConnectFailures = UploadBytes = DownloadBytes = 0;
        SplicedBytes = CopiedBytes = AcceptPauses = CapPauses = AcceptFailures = BufferShortages = PipeShortages = 0;
        PipesCurrent = BuffersUsedCurrent = Glitches = Unserved = 0;
        Array.Clear(_closed);
    }
}
