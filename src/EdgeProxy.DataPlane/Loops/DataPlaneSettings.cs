using EdgeProxy.Linux;

namespace EdgeProxy.DataPlane;

/// <summary>What the executable's options come to for the data plane.</summary>
public sealed class DataPlaneSettings
{
    /// <summary>Loops, each on its own thread.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Uring or Epoll; chosen by the caller, who has asked <see cref="UringIo.IsAvailable"/>.</summary>
    public IoEngine Engine { get; init; } = IoEngine.Epoll;

    /// <summary>Most connections of the whole process.</summary>
    public int ConnectionsMax { get; init; } = 4096;

    /// <summary>
    /// Closed connections each loop may have waiting for the log, a power of two; 0 keeps no records.
    /// </summary>
    public int RecordsPerLoop { get; init; }

    public IoSettings Io { get; init; } = new();

    public ListenSettings Listen { get; init; } = new();

    public LoopSettings Loop { get; init; } = new();
}
