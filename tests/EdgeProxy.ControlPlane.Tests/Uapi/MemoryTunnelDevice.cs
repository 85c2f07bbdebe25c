using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane.Tests;

/// <summary>A device without packets: it keeps what it is told, in the way of WireGuard (wg(8)).</summary>
internal sealed class MemoryTunnelDevice : ITunnelDevice
{
    private readonly Lock _lock = new();
    private readonly List<TunnelPeerState> _peers = [];
    private SecretKey? _privateKey;
    private ushort _listenPort;
    private uint _mark;

    /// <summary>Takes nothing more while set.</summary>
    public bool IsBusy { get; set; }

    public List<TunnelChange> Changes { get; } = [];

    /// <summary>What <see cref="Measure"/> says beside the port and the peers.</summary>
    public TunnelFigures Figures { get; set; } = new();

    /// <summary>What is counted of a peer.</summary>
    public Dictionary<PeerKey, TunnelPeerFigures> Counts { get; } = [];

    public TunnelState Read()
    {
        lock (_lock)
        {
            return new TunnelState
            {
                PrivateKey = Copy(_privateKey),
                ListenPort = _listenPort,
                Mark = _mark,
                Peers = [.. _peers.Select(static peer => peer with { PresharedKey = Copy(peer.PresharedKey) })],
            };
        }
    }

    /// <summary>Its peers with what they were taught; the rest of the figures is given by tests.</summary>
    public TunnelFigures Measure()
    {
        lock (_lock)
        {
            return Figures with
            {
                ListenPort = _listenPort,
                Peers =
                [
                    .. _peers.Select(peer => Counts.GetValueOrDefault(peer.PublicKey) ?? new TunnelPeerFigures
                    {
                        PublicKey = peer.PublicKey, Endpoint = peer.Endpoint, HandshakeUnixNs = peer.HandshakeUnixNs,
                        ReceivedBytes = peer.ReceivedBytes, SentBytes = peer.SentBytes,
                    }),
                ],
            };
        }
    }

    public bool TryApply(TunnelChange change)
    {
        lock (_lock)
        {
            if (IsBusy) { return false; }
            Changes.Add(change);
            if (change.PrivateKey is { } key) { _privateKey = key.IsZero ? null : key; }
            _listenPort = change.ListenPort ?? _listenPort;
            _mark = change.Mark ?? _mark;
            if (change.ReplacePeers) { _peers.Clear(); }
            foreach (TunnelPeerChange peer in change.Peers) { Apply(peer); }
            return true;
        }
    }

    /// <summary>What packets would have taught it.</summary>
    public void Teach(PeerKey key, Func<TunnelPeerState, TunnelPeerState> lesson)
    {
        lock (_lock)
        {
            int at = _peers.FindIndex(peer => peer.PublicKey == key);
            _peers[at] = lesson(_peers[at]);
        }
    }

    private void Apply(TunnelPeerChange change)
    {
        int at = _peers.FindIndex(peer => peer.PublicKey == change.PublicKey);
        if (change.Remove || (at < 0 && change.UpdateOnly))
        {
            if (at >= 0) { _peers.RemoveAt(at); }
            return;
        }

        if (at < 0)
        {
            at = _peers.Count;
            _peers.Add(new TunnelPeerState { PublicKey = change.PublicKey });
        }

        for (int i = 0; i < _peers.Count; i++)
        {
            if (i == at) { continue; }
            _peers[i] = _peers[i] with { AllowedIps = [.. _peers[i].AllowedIps.Except(change.AllowedIps)] };
        }

        TunnelPeerState old = _peers[at];
        _peers[at] = old with
        {
            PresharedKey = change.PresharedKey is { } key ? (key.IsZero ? null : key) : old.PresharedKey,
            Endpoint = change.Endpoint ?? old.Endpoint,
            KeepaliveSeconds = change.KeepaliveSeconds ?? old.KeepaliveSeconds,
            AllowedIps =
                [.. (change.ReplaceAllowedIps ? [] : old.AllowedIps).Union(change.AllowedIps)
                .Except(change.RemovedIps)],
        };
    }

    private static SecretKey? Copy(SecretKey? key) => key is null ? null : new SecretKey(key.Span);
}
