using EdgeProxy.Linux;

namespace EdgeProxy.DataPlane;

/// <summary>What a loop is told once, at its start. Apps bring their own policies with the routing table.</summary>
public sealed record LoopSettings
{
    /// <summary>
    /// Bytes of one direction after which it moves to a pipe, if it still fills its buffers; 0 never.
    /// </summary>
    public int BulkAfterBytes { get; init; } = 256 * 1024;

    /// <summary>Capacity asked for each pipe; bounded by fs.pipe-max-size.</summary>
    public int PipeBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// Index into <see cref="IoSettings.CongestionAlgorithms"/> for backend sockets; -1 leaves the system's.
    /// </summary>
    public int BackendCongestion { get; init; } = -1;

    /// <summary>
    /// Keepalive probes on backend connections (tcp(7)); idle, interval and count of 0 leave the system's.
    /// </summary>
    public bool KeepAlive { get; init; } = true;

    public int KeepAliveIdleSeconds { get; init; }

    public int KeepAliveIntervalSeconds { get; init; }

    public int KeepAliveProbes { get; init; }

    /// <summary>Which closed connections are recorded for the log: none, every n-th, or 1 for all.</summary>
    public int RecordEvery { get; init; }

    /// <summary>This POP's region, for the PROXY headers that carry it.</summary>
    public string PopRegion { get; init; } = "";

    /// <summary>Unix time in milliseconds at monotonic zero, to stamp records.</summary>
    public long UnixMsAtClockZero { get; init; }

    /// <summary>Starts the loop's random numbers: ties between equal backends are spread by them.</summary>
    public ulong Seed { get; init; } = 1;
}
