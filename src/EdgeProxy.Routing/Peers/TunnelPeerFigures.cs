namespace EdgeProxy.Routing;

/// <summary>What is counted about one peer of a WireGuard device: totals since the peer was added.</summary>
public sealed record TunnelPeerFigures
{
    public required PeerKey PublicKey { get; init; }

    /// <summary>Where its packets go now; null before anybody knows.</summary>
    public IpEndpoint? Endpoint { get; init; }

    /// <summary>End of the last handshake in nanoseconds of Unix time; 0 for never.</summary>
    public long HandshakeUnixNs { get; init; }

    public long Handshakes { get; init; }

    /// <summary>Times an authentic packet came from elsewhere than the one before.</summary>
    public long EndpointChanges { get; init; }

    /// <summary>As they go over the wire, handshakes included, like the packets.</summary>
    public long ReceivedBytes { get; init; }

    public long ReceivedPackets { get; init; }

    public long SentBytes { get; init; }

    public long SentPackets { get; init; }

    /// <summary>Packets that wait for a handshake now.</summary>
    public int QueuedPackets { get; init; }

    /// <summary>Packets dropped, by <see cref="TunnelFigures.PeerDropReasons"/>.</summary>
    public IReadOnlyList<long> Drops { get; init; } = [];
}
