namespace EdgeProxy.Linux;

/// <summary>What kind of UDP socket to open.</summary>
public sealed class UdpSettings
{
    /// <summary>0 lets the kernel choose.</summary>
    public ushort Port { get; init; }

    /// <summary>
    /// Several sockets share the port and the kernel spreads senders over them (SO_REUSEPORT, socket(7)).
    /// </summary>
    public bool ReusePort { get; init; }

    /// <summary>
    /// Wished for each direction; with CAP_NET_ADMIN the kernel grants it whatever net.core.rmem_max says. 7 MB is 50
    /// ms
    /// of one gigabit, and what wireguard-go asks for.
    /// </summary>
    internal int BufferBytes { get; init; } = 7 << 20;

    /// <summary>The firewall mark of what is sent (SO_MARK, wants CAP_NET_ADMIN); 0 is none.</summary>
    public uint Mark { get; init; }

    /// <summary>
    /// UDP_SEGMENT and UDP_GRO: many datagrams a call through the stack. Off only to compare.
    /// </summary>
    internal bool Offloads { get; init; } = true;
}
