namespace EdgeProxy.Routing;

/// <summary>
/// Every peer of one commit: immutable, published as a part of its <see cref="RoutingTable"/>. A commit that changes no
/// peer publishes the same object again, so whoever follows peers compares references.
/// </summary>
public sealed class PeerTable
{
    private readonly TunnelPeer[] _peers;
    private readonly Dictionary<PeerKey, TunnelPeer> _byKey = [];
    private readonly Dictionary<string, TunnelPeer> _byName = new(StringComparer.Ordinal);

    internal PeerTable(TunnelPeer[] peers)
    {
        _peers = peers;
        foreach (TunnelPeer peer in peers)
        {
            _byKey.Add(peer.PublicKey, peer);
            _byName.Add(peer.Name, peer);
        }
    }

    public static PeerTable Empty { get; } = new([]);

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<TunnelPeer> Peers => _peers;

    /// <summary>Null when no peer has that key.</summary>
    public TunnelPeer? Find(in PeerKey key) => _byKey.GetValueOrDefault(key);

    /// <summary>
    /// Forgets the pre-shared keys that are not also those of another table, when this one is used no more.
    /// </summary>
    public void WipeExcept(PeerTable other)
    {
        foreach (TunnelPeer peer in _peers)
        {
            bool isShared = ReferenceEquals(other.ByName(peer.Name)?.PresharedKey, peer.PresharedKey);
            if (!isShared) { peer.PresharedKey?.Wipe(); }
        }
    }

    internal TunnelPeer? ByName(string name) => _byName.GetValueOrDefault(name);

    internal bool IsSameAs(TunnelPeer[] peers)
    {
        if (_peers.Length != peers.Length) { return false; }
        for (int i = 0; i < peers.Length; i++)
        {
            if (!_peers[i].IsSameAs(peers[i])) { return false; }
        }

        return true;
    }
}
