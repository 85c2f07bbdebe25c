namespace EdgeProxy.Linux;

/// <summary>A peer of the kernel's WireGuard device, as it says.</summary>
public sealed class WireGuardPeerState
{
    public required byte[] PublicKey { get; init; }

    /// <summary>All zero when there is none.</summary>
    public byte[] PresharedKey { get; internal set; } = new byte[32];

    /// <summary>Null: never known.</summary>
    public SocketAddress? Endpoint { get; internal set; }

    public ushort KeepaliveSeconds { get; internal set; }

    /// <summary>Of the wall clock; 0 when there was none.</summary>
    public long LastHandshakeUnixSeconds { get; internal set; }

    public ulong ReceivedBytes { get; internal set; }

    public ulong SentBytes { get; internal set; }

    public List<NetworkPrefix> AllowedIps { get; } = [];
}
