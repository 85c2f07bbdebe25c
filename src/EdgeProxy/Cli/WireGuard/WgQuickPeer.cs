using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>A [Peer] section of a wg-quick file.</summary>
internal sealed record WgQuickPeer
{
    /// <summary>From a comment; empty when there is none to take it from.</summary>
    public string Name { get; init; } = "";

    /// <summary>From a comment <c># region = eu</c>; null when there is none.</summary>
    public string? Region { get; init; }

    public PeerKey PublicKey { get; init; }

    /// <summary>Null for none.</summary>
    public SecretKey? PresharedKey { get; init; }

    public PeerEndpoint? Endpoint { get; init; }

    public IReadOnlyList<IpPrefix> AllowedIps { get; init; } = [];

    /// <summary>0 for off.</summary>
    public int KeepaliveSeconds { get; init; }

    /// <summary>Where its section begins.</summary>
    public int Line { get; init; }
}
