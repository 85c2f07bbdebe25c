namespace EdgeProxy.Linux;

/// <summary>What kind of TUN to open.</summary>
public sealed class TunSettings
{
    /// <summary>Up to 15 bytes of ASCII; a %d in it lets the kernel number it (tun%d).</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Descriptors to one interface, over which the kernel spreads flows by their hash (IFF_MULTI_QUEUE).
    /// </summary>
    public int Queues { get; init; } = 1;

    /// <summary>
    /// The kernel hands TCP over unsegmented and without checksums, up to 64 KB a read, and takes the same. Off only to
    /// compare, or around a kernel bug.
    /// </summary>
    internal bool Offloads { get; init; } = true;
}
