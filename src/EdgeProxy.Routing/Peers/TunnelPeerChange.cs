namespace EdgeProxy.Routing;

/// <summary>
/// What to change about one peer of a device; a peer it does not have is added. Null leaves a value as it is.
/// </summary>
public sealed class TunnelPeerChange
{
    public required PeerKey PublicKey { get; init; }

    /// <summary>Takes the peer away; nothing else counts then.</summary>
    public bool Remove { get; init; }

    /// <summary>Changes a peer the device has and adds none.</summary>
    public bool UpdateOnly { get; init; }

    /// <summary>The zero key removes it.</summary>
    public SecretKey? PresharedKey { get; init; }

    public IpEndpoint? Endpoint { get; init; }

    /// <summary>0 sends none.</summary>
    public ushort? KeepaliveSeconds { get; init; }

    /// <summary>Takes all its blocks away first.</summary>
    public bool ReplaceAllowedIps { get; init; }

    /// <summary>Blocks to give it; one that another peer has moves here.</summary>
    public IReadOnlyList<IpPrefix> AllowedIps { get; init; } = [];

    /// <summary>Blocks to take away from it.</summary>
    public IReadOnlyList<IpPrefix> RemovedIps { get; init; } = [];
}
