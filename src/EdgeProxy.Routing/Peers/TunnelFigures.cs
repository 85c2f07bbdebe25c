namespace EdgeProxy.Routing;

/// <summary>
/// A WireGuard device at one moment as a page may show it. Unlike <see cref="TunnelState"/> it has no place for a
/// secret, so that whoever watches never holds one.
/// </summary>
public sealed record TunnelFigures
{
    /// <summary>Null before there is a private key.</summary>
    public PeerKey? PublicKey { get; init; }

    /// <summary>The one that is answered as well while keys are changed; null at other times.</summary>
    public PeerKey? NextPublicKey { get; init; }

    /// <summary>UDP port; 0 for none yet.</summary>
    public ushort ListenPort { get; init; }

    /// <summary>
    /// Handshakes, packets, drops and endpoint changes are counted; the kernel's device knows bytes and ages only.
    /// </summary>
    public bool CountsPackets { get; init; }

    /// <summary>Why packets are dropped before it is known whose they are, as words.</summary>
    public IReadOnlyList<string> DropReasons { get; init; } = [];

    /// <summary>How many were, in that order.</summary>
    public IReadOnlyList<long> Drops { get; init; } = [];

    /// <summary>Why packets of a peer are dropped, as words.</summary>
    public IReadOnlyList<string> PeerDropReasons { get; init; } = [];

    public IReadOnlyList<TunnelPeerFigures> Peers { get; init; } = [];
}
