namespace EdgeProxy.Routing;

public sealed partial class RoutingTableBuilder
{
    private const int PeersMax = 10_000;
    private const int BlocksMax = 20_000;

    private readonly List<TunnelPeer> _peers = [];
    private readonly HashSet<string> _peerNames = new(StringComparer.Ordinal);
    private readonly Dictionary<PeerKey, string> _peerByKey = [];
    private readonly AllowedIpMap _allowedIps = new();
    private readonly List<TunnelPeer> _peersToKeep = [];
    private int _blocks;

    /// <summary>Adds a peer of the WireGuard backhaul; of two rows that want the same, the first has it.</summary>
    public void AddPeer(PeerRow row)
    {
        if (row.Enabled == false)
        {
            _ = _peerNames.Add(row.Name); // A second row of the name is bad all the same.
            return;
        }

        TunnelPeer? peer = new PeerReader(row, defaults.Peers).Read(out RowProblem? problem);
        problem ??= FaultBesideOthers(peer!, row);
        if (problem is null)
        {
            TakePeer(peer!);
            return;
        }

        peer?.PresharedKey?.Wipe();
        KeepPeer(row.Name, problem);
    }

    /// <summary>Reports a bad peer and keeps its previous version, unless a good row now wants what it had.</summary>
    public void KeepPeer(string name, RowProblem problem)
    {
        _problems.Add(problem);
        if (previous?.Peers.ByName(name) is { } old) { _peersToKeep.Add(old); }
    }

    private void TakePeer(TunnelPeer peer)
    {
        _peers.Add(peer);
        _ = _peerNames.Add(peer.Name);
        _peerByKey.Add(peer.PublicKey, peer.Name);
        _allowedIps.Add(peer);
        _blocks += peer.AllowedIps.Count;
    }

    private RowProblem? FaultBesideOthers(TunnelPeer peer, PeerRow row)
    {
        if (_peerNames.Contains(peer.Name))
        {
            return PeerReader.Problem(peer.Name, "name", peer.Name, "is there twice", "remove one of the rows");
        }

        if (_peerByKey.TryGetValue(peer.PublicKey, out string? owner))
        {
            return PeerReader.Problem(peer.Name, "public_key", row.PublicKey, $"belongs to peer '{owner}'",
                "give each host a key of its own: edgeproxy wg genkey");
        }

        if (_peers.Count == PeersMax || _blocks + peer.AllowedIps.Count > BlocksMax)
        {
            return PeerReader.Problem(peer.Name, "name", peer.Name,
                $"is too much: {PeersMax} peers with {BlocksMax} blocks are the most",
                    "remove peers or merge their blocks");
        }

        foreach (IpPrefix block in peer.AllowedIps)
        {
            if (_allowedIps.Overlap(block) is not { } other) { continue; }
            return PeerReader.Problem(peer.Name, "allowed_ips", row.AllowedIps,
                $"holds {block}, which overlaps {other.Block} of peer '{other.Peer}'", "give each address to one peer");
        }

        return null;
    }

    /// <summary>Finishes the peers; the same table as before when nothing about them has changed.</summary>
    private PeerTable FinishPeers()
    {
        foreach (TunnelPeer old in _peersToKeep)
        {
            bool isFree = !defaults.Peers.IsOwnKey(old.PublicKey)
                && FaultBesideOthers(old, new PeerRow { Name = old.Name }) is null;
            if (isFree) { TakePeer(old); }
        }

        TunnelPeer[] peers = [.. _peers];
        Array.Sort(peers, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        PeerTable before = previous?.Peers ?? PeerTable.Empty;
        PeerTable after = new(peers);
        if (!before.IsSameAs(peers)) { return after; }
        after.WipeExcept(before);
        return before;
    }
}
