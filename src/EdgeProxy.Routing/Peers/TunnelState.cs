namespace EdgeProxy.Routing;

/// <summary>A WireGuard device at one moment.</summary>
public sealed record TunnelState
{
    /// <summary>Null before one is set.</summary>
    public SecretKey? PrivateKey { get; init; }

    /// <summary>UDP port; 0 for none yet.</summary>
    public ushort ListenPort { get; init; }

    /// <summary>SO_MARK of its packets; 0 for none.</summary>
    public uint Mark { get; init; }

    public IReadOnlyList<TunnelPeerState> Peers { get; init; } = [];

    /// <summary>Forgets every key in it.</summary>
    public void Wipe()
    {
        PrivateKey?.Wipe();
        foreach (TunnelPeerState peer in Peers) { peer.PresharedKey?.Wipe(); }
    }
}
