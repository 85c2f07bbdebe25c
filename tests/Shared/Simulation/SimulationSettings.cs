namespace EdgeProxy.Testing;

/// <summary>How a simulated host behaves. The defaults are an ordinary host on a fast network.</summary>
public sealed record SimulationSettings
{
    public int BufferBytes { get; init; } = 16 * 1024;

    public int BuffersMax { get; init; } = 256;

    /// <summary>Kernel buffer of each direction of each socket.</summary>
    public int SendBufferBytes { get; init; } = 256 * 1024;

    public int ReceiveBufferBytes { get; init; } = 256 * 1024;

    /// <summary>What a pipe holds at most, whatever was asked for.</summary>
    public int PipeBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Descriptors the loop's process may have open (RLIMIT_NOFILE).</summary>
    public int DescriptorsMax { get; init; } = 1024;

    /// <summary>Connections a listener keeps until they are accepted.</summary>
    public int Backlog { get; init; } = 128;

    /// <summary>Typical time a segment is under way.</summary>
    public long DelayNs { get; init; } = 50_000;

    /// <summary>Typical time between an operation's becoming possible and its completion.</summary>
    public long CompletionDelayNs { get; init; } = 2_000;

    public FaultRates Faults { get; init; } = FaultRates.None;
}
