using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// The WireGuard backhaul: nothing while it is off, and only that it is not up when it did not start. Peers are named
/// as routing.db names them; the first thousand have their own series, and the rest, with those that only `wg set`
/// knows, are summed under the peer "_other".
/// </summary>
internal sealed class TunnelMetrics(TunnelSources? tunnel)
{
    /// <summary>Peers with series of their own: with all their reasons to drop that is 16,000 lines.</summary>
    public const int OwnPeersMax = 1_000;

    private const double NsPerSecond = 1e9;

    private static readonly MetricFamily s_up = new(
        "edgeproxy_tunnel_up", MetricType.Gauge,
        "Whether the WireGuard backhaul runs; at 0, status and /ready say why. Not there while it is off.");

    private static readonly MetricFamily s_info = new(
        "edgeproxy_tunnel_info", MetricType.Gauge, "What the tunnel is; always 1.", "engine", "interface", "public_key");

    private static readonly MetricFamily s_peers = new(
        "edgeproxy_tunnel_peers", MetricType.Gauge, "Peers the tunnel has.");

    private static readonly MetricFamily s_age = OfPeer(
        "last_handshake_age_seconds", MetricType.Gauge,
        "Time since the last handshake; above 180 there is no session. Not there before the first.");

    private static readonly MetricFamily s_handshakes = OfPeer(
        "handshakes_total", MetricType.Counter, "Handshakes completed.");

    private static readonly MetricFamily s_bytesReceived = OfPeer(
        "bytes_received_total", MetricType.Counter, "Bytes from a peer as they go over the wire, handshakes included.");

    private static readonly MetricFamily s_bytesSent = OfPeer(
        "bytes_sent_total", MetricType.Counter, "Bytes to a peer as they go over the wire, handshakes included.");

    private static readonly MetricFamily s_packetsReceived = OfPeer(
        "packets_received_total", MetricType.Counter, "Datagrams from a peer.");

    private static readonly MetricFamily s_packetsSent = OfPeer(
        "packets_sent_total", MetricType.Counter, "Datagrams to a peer.");

    private static readonly MetricFamily s_queued = OfPeer(
        "packets_queued", MetricType.Gauge, "Packets that wait for a handshake with a peer.");

    private static readonly MetricFamily s_moves = OfPeer(
        "endpoint_changes_total", MetricType.Counter, "Times a peer was heard from another address than before.");

    private static readonly MetricFamily s_peerDrops = new(
        "edgeproxy_tunnel_peer_dropped_total", MetricType.Counter,
        "Packets of a peer dropped, by reason (docs/operating/wireguard.md).", "region", "peer", "reason");

    private static readonly MetricFamily s_drops = new(
        "edgeproxy_tunnel_dropped_total", MetricType.Counter,
        "Datagrams dropped before it was known whose they are, by reason (docs/operating/wireguard.md).", "reason");

    private static readonly MetricFamily s_frames = new(
        "edgeproxy_tunnel_worker_frames_total", MetricType.Counter,
        "Frames of up to 64 KB that crossed the interface, by thread and direction (from_host, to_host).",
        "worker", "direction");

    private static readonly MetricFamily s_workerDrops = new(
        "edgeproxy_tunnel_worker_dropped_total", MetricType.Counter,
        "What a thread of the built-in engine could not pass on, by reason (docs/operating/wireguard.md).",
        "worker", "reason");

    private readonly List<TunnelPeer> _rows = [];
    private readonly List<TunnelPeerFigures> _own = [];
    private readonly List<TunnelPeerFigures> _others = [];

    /// <summary>In the order in which they are written.</summary>
    public static IReadOnlyList<MetricFamily> Families =>
    [
        s_up, s_info, s_peers, s_age, s_bytesReceived, s_bytesSent, s_handshakes, s_packetsReceived, s_packetsSent,
        s_queued, s_moves, s_peerDrops, s_drops, s_frames, s_workerDrops,
    ];

    /// <param name="text">The page.</param>
    /// <param name="peers">The rows, for names and regions.</param>
    /// <param name="nowUnixNs">The clock handshakes are noted by.</param>
    public void Write(MetricsText text, PeerTable peers, long nowUnixNs)
    {
        if (tunnel is null) { return; }
        text.Single(s_up, tunnel.Device is null ? 0 : 1);
        if (tunnel.Device?.Measure() is not { } figures) { return; }
        Gather(figures, peers);
        WriteInfo(text, figures);
        text.Single(s_peers, figures.Peers.Count);
        WriteAges(text, nowUnixNs);
        Numbers(text, s_bytesReceived, static peer => peer.ReceivedBytes);
        Numbers(text, s_bytesSent, static peer => peer.SentBytes);
        if (!figures.CountsPackets) { return; } // A zero that is always there would be believed.
        Numbers(text, s_handshakes, static peer => peer.Handshakes);
        Numbers(text, s_packetsReceived, static peer => peer.ReceivedPackets);
        Numbers(text, s_packetsSent, static peer => peer.SentPackets);
        Numbers(text, s_queued, static peer => peer.QueuedPackets);
        Numbers(text, s_moves, static peer => peer.EndpointChanges);
        WritePeerDrops(text, figures.PeerDropReasons);
        text.Family(s_drops);
        for (int i = 0; i < figures.Drops.Count; i++)
        {
            text.Begin(s_drops);
            text.First("reason"u8, figures.DropReasons[i]);
            text.Labelled(figures.Drops[i]);
        }

        WriteWorkers(text, tunnel.Workers);
    }

    private static MetricFamily OfPeer(string name, MetricType type, string help) =>
        new($"edgeproxy_tunnel_peer_{name}", type, help, "region", "peer");

    /// <summary>Parts the peers into those with series of their own and the rest.</summary>
    private void Gather(TunnelFigures figures, PeerTable peers)
    {
        _rows.Clear();
        _own.Clear();
        _others.Clear();
        foreach (TunnelPeerFigures peer in figures.Peers)
        {
            if (_own.Count == OwnPeersMax || peers.Find(peer.PublicKey) is not { } row)
            {
                _others.Add(peer);
                continue;
            }

            _own.Add(peer);
            _rows.Add(row);
        }
    }

    private void WriteInfo(MetricsText text, TunnelFigures figures)
    {
        text.Family(s_info);
        text.Begin(s_info);
        text.First("engine"u8, tunnel!.Engine);
        text.Next("interface"u8, tunnel.Name);
        text.Next("public_key"u8, figures.PublicKey?.ToString());
        text.Labelled(1);
    }

    private void WriteAges(MetricsText text, long nowUnixNs)
    {
        text.Family(s_age);
        for (int i = 0; i < _own.Count; i++)
        {
            long at = _own[i].HandshakeUnixNs;
            if (at == 0) { continue; }
            Begin(text, s_age, i);
            text.Labelled(Math.Max(0, nowUnixNs - at) / NsPerSecond);
        }
    }

    private void Numbers(MetricsText text, MetricFamily family, Func<TunnelPeerFigures, long> read)
    {
        text.Family(family);
        for (int i = 0; i < _own.Count; i++)
        {
            Begin(text, family, i);
            text.Labelled(read(_own[i]));
        }

        if (_others.Count == 0) { return; }
        long sum = 0;
        foreach (TunnelPeerFigures other in _others) { sum += read(other); }
        BeginOther(text, family);
        text.Labelled(sum);
    }

    private void WritePeerDrops(MetricsText text, IReadOnlyList<string> reasons)
    {
        text.Family(s_peerDrops);
        for (int reason = 0; reason < reasons.Count; reason++)
        {
            for (int i = 0; i < _own.Count; i++)
            {
                Begin(text, s_peerDrops, i);
                text.Next("reason"u8, reasons[reason]);
                text.Labelled(_own[i].Drops[reason]);
            }

            if (_others.Count == 0) { continue; }
            long sum = 0;
            foreach (TunnelPeerFigures other in _others) { sum += other.Drops[reason]; }
            BeginOther(text, s_peerDrops);
            text.Next("reason"u8, reasons[reason]);
            text.Labelled(sum);
        }
    }

    private void Begin(MetricsText text, MetricFamily family, int own)
    {
        text.Begin(family);
        text.First("region"u8, _rows[own].Region);
        text.Next("peer"u8, _rows[own].Name);
    }

    private static void BeginOther(MetricsText text, MetricFamily family)
    {
        text.Begin(family);
        text.First("region"u8, ""u8);
        text.Next("peer"u8, "_other"u8);
    }

    private static void WriteWorkers(MetricsText text, IReadOnlyList<TunnelCounters> workers)
    {
        text.Family(s_frames);
        for (int i = 0; i < workers.Count; i++)
        {
            Worker(text, s_frames, i, "direction"u8, "from_host"u8, ref workers[i].FramesFromHost);
            Worker(text, s_frames, i, "direction"u8, "to_host"u8, ref workers[i].FramesToHost);
        }

        text.Family(s_workerDrops);
        for (int i = 0; i < workers.Count; i++)
        {
            TunnelCounters worker = workers[i];
            Worker(text, s_workerDrops, i, "reason"u8, "bad_frame"u8, ref worker.BadFrames);
            Worker(text, s_workerDrops, i, "reason"u8, "no_peer"u8, ref worker.NoPeer);
            Worker(text, s_workerDrops, i, "reason"u8, "no_endpoint"u8, ref worker.NoEndpoint);
            Worker(text, s_workerDrops, i, "reason"u8, "host_refused"u8, ref worker.HostRefused);
            Worker(text, s_workerDrops, i, "reason"u8, "network_refused"u8, ref worker.NetworkRefused);
            Worker(text, s_workerDrops, i, "reason"u8, "truncated"u8, ref worker.Truncated);
        }
    }

    private static void Worker(
        MetricsText text,
        MetricFamily family,
        int worker,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> word,
        ref long count)
    {
        text.Begin(family);
        text.First("worker"u8, worker);
        text.Next(label, word);
        text.Labelled(Volatile.Read(ref count));
    }
}
