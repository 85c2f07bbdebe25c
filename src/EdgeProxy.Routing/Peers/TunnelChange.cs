namespace EdgeProxy.Routing;

/// <summary>What to change about a WireGuard device, in one step; null leaves a value as it is.</summary>
public sealed class TunnelChange
{
    /// <summary>The zero key removes it, and with it all sessions.</summary>
    public SecretKey? PrivateKey { get; init; }

    /// <summary>
    /// A second key whose calls are answered as well, while the world learns of a change; the zero key ends that.
    /// </summary>
    public SecretKey? NextPrivateKey { get; init; }

    /// <summary>0 takes any.</summary>
    public ushort? ListenPort { get; init; }

    /// <summary>0 removes it.</summary>
    public uint? Mark { get; init; }

    /// <summary>Removes every peer first.</summary>
    public bool ReplacePeers { get; init; }

    /// <summary>In this order.</summary>
    public IReadOnlyList<TunnelPeerChange> Peers { get; init; } = [];

    /// <summary>What brings a device from one table of peers to the next; what packets have taught it stays.</summary>
    /// <remarks>An endpoint that is a name is not in it: the address it resolves to comes as a change of its
    /// own.</remarks>
    public static TunnelChange Between(PeerTable before, PeerTable after)
    {
        List<TunnelPeerChange> changes = [];
        foreach (TunnelPeer old in before.Peers)
        {
            if (after.Find(old.PublicKey) is null)
            {
                changes.Add(new TunnelPeerChange { PublicKey = old.PublicKey, Remove = true });
            }
        }

        foreach (TunnelPeer peer in after.Peers)
        {
            TunnelPeer? old = before.Find(peer.PublicKey);
            if (old is null || !peer.IsSameAs(old)) { changes.Add(Towards(peer, old)); }
        }

        return new TunnelChange { Peers = changes };
    }

    private static TunnelPeerChange Towards(TunnelPeer peer, TunnelPeer? old)
    {
        bool newKey = !SecretKey.Same(peer.PresharedKey, old?.PresharedKey);
        bool newEndpoint = peer.Endpoint != old?.Endpoint && peer.Endpoint is { IsName: false };
        return new TunnelPeerChange
        {
            PublicKey = peer.PublicKey,
            PresharedKey = newKey
                ? new SecretKey(peer.PresharedKey is { } key ? key.Span : stackalloc byte[SecretKey.Bytes]) : null,
            Endpoint = newEndpoint ? new IpEndpoint(peer.Endpoint!.Value.Address, peer.Endpoint.Value.Port) : null,
            KeepaliveSeconds = peer.KeepaliveSeconds == (old?.KeepaliveSeconds ?? 0) ? null
                : (ushort)peer.KeepaliveSeconds,
            ReplaceAllowedIps = old is not null && !peer.HasAllowedIpsOf(old),
            AllowedIps = old is null || !peer.HasAllowedIpsOf(old) ? peer.AllowedIps : [],
        };
    }
}
