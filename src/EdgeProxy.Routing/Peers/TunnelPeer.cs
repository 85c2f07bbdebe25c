namespace EdgeProxy.Routing;

/// <summary>A peer as a good row describes it.</summary>
public sealed record TunnelPeer
{
    public required string Name { get; init; }

    /// <summary>Empty when the row does not say.</summary>
    public string Region { get; init; } = "";

    public required PeerKey PublicKey { get; init; }

    /// <summary>Null for a peer that calls us: its address is learnt from its first authentic packet.</summary>
    public PeerEndpoint? Endpoint { get; init; }

    /// <summary>
    /// What is sent to it and believed from it; none contains another, in the order of their addresses.
    /// </summary>
    public IReadOnlyList<IpPrefix> AllowedIps { get; init; } = [];

    /// <summary>Null for none.</summary>
    public SecretKey? PresharedKey { get; init; }

    /// <summary>0 sends none.</summary>
    public int KeepaliveSeconds { get; init; }

    /// <summary>Whether a device has nothing to change when one follows the other.</summary>
    internal bool IsSameAs(TunnelPeer other) =>
        Name == other.Name && Region == other.Region && PublicKey == other.PublicKey && Endpoint == other.Endpoint
        && KeepaliveSeconds == other.KeepaliveSeconds && AllowedIps.SequenceEqual(other.AllowedIps)
        && SecretKey.Same(PresharedKey, other.PresharedKey);
}
