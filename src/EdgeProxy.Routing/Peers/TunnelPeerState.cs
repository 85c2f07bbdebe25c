namespace EdgeProxy.Routing;

/// <summary>A peer of a WireGuard device at one moment.</summary>
public sealed record TunnelPeerState
{
    public required PeerKey PublicKey { get; init; }

    /// <summary>Null for none.</summary>
    public SecretKey? PresharedKey { get; init; }

    /// <summary>Where its packets go now; null before anybody knows.</summary>
    public IpEndpoint? Endpoint { get; init; }

    public IReadOnlyList<IpPrefix> AllowedIps { get; init; } = [];

    /// <summary>0 sends none.</summary>
    public ushort KeepaliveSeconds { get; init; }

    /// <summary>End of the last handshake in nanoseconds of Unix time; 0 for never.</summary>
    public long HandshakeUnixNs { get; init; }

    public long ReceivedBytes { get; init; }

    public long SentBytes { get; init; }
}
