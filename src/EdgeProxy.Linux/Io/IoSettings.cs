namespace EdgeProxy.Linux;

/// <summary>How a loop's engine is set up.</summary>
public sealed class IoSettings
{
    /// <summary>Size of one buffer: large enough that a bulk flow shows itself by filling it.</summary>
    public int BufferBytes { get; init; } = 16 * 1024;

    /// <summary>Most buffers one loop hands out: address space, touched only as used (8,192 are 128 MiB).</summary>
    public int BuffersMax { get; init; } = 8192;

    /// <summary>One past the highest descriptor number a loop will meet: address space for a table of them.</summary>
    public int DescriptorsMax { get; init; } = 64 * 1024;

    /// <summary>How long an idle engine watches its ring before it sleeps; 0 never spins. io_uring only.</summary>
    public long SpinNs { get; init; }

    /// <summary>Names for <see cref="Io.SetCongestion"/>, as in net.ipv4.tcp_available_congestion_control.</summary>
    public IReadOnlyList<string> CongestionAlgorithms { get; init; } = [];
}
