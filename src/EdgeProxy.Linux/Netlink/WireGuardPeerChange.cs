namespace EdgeProxy.Linux;

/// <summary>What is to be true of one peer of the kernel's WireGuard device; null leaves a value as it is.</summary>
public sealed class WireGuardPeerChange
{
    /// <summary>32 bytes.</summary>
    public required byte[] PublicKey { get; init; }

    public bool Remove { get; init; }

    /// <summary>Change it if it is there, and do not make it.</summary>
    public bool UpdateOnly { get; init; }

    /// <summary>32 bytes; all zero for none.</summary>
    public byte[]? PresharedKey { get; init; }

    public SocketAddress? Endpoint { get; init; }

    /// <summary>0 is off.</summary>
    public ushort? KeepaliveSeconds { get; init; }

    /// <summary>Those given are all it has, and are not added to what it had.</summary>
    public bool ReplaceAllowedIps { get; init; }

    public IReadOnlyList<NetworkPrefix> AllowedIps { get; init; } = [];
}
