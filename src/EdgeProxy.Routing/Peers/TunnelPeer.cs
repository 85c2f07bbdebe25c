namespace EdgeProxy.Routing;

/// <summary>A peer as a good row describes it.</summary>
public sealed class TunnelPeer
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
        && KeepaliveSeconds == other.KeepaliveSeconds && HasAllowedIpsOf(other)
        && SecretKey.Same(PresharedKey, other.PresharedKey);

    internal bool HasAllowedIpsOf(TunnelPeer other)
    {
        if (AllowedIps.Count != other.AllowedIps.Count) { return false; }
        for (int i = 0; i < AllowedIps.Count; i++)
        {
            if (AllowedIps[i] != other.AllowedIps[i]) { return false; }
        }

        return true;
    }
}
