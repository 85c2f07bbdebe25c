using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>A [Peer] section of a wg-quick file.</summary>
internal sealed class WgQuickPeer
{
    /// <summary>From a comment; empty when there is none to take it from.</summary>
    public string Name { get; set; } = "";

    /// <summary>From a comment <c># region = eu</c>; null when there is none.</summary>
    public string? Region { get; set; }

    public PeerKey PublicKey { get; set; }

    /// <summary>Null for none.</summary>
    public SecretKey? PresharedKey { get; set; }

    public PeerEndpoint? Endpoint { get; set; }

    public IReadOnlyList<IpPrefix> AllowedIps { get; set; } = [];

    /// <summary>0 for off.</summary>
    public int KeepaliveSeconds { get; set; }

    /// <summary>Where its section begins.</summary>
    public int Line { get; set; }
}
