using System.Runtime.InteropServices;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;
using EdgeProxy.WireGuard;

namespace EdgeProxy.DataPlane;

/// <summary>
/// The built-in WireGuard engine: an interface of the host's on one side, UDP on the other, and threads of its own in
/// between. It begins without a key and without peers; both come, and go, as <see cref="TunnelChange"/>s.
/// </summary>
public sealed class TunnelEngine : ITunnelDevice, IDisposable
{
    private readonly Lock _lock = new();
    private readonly CipherSuite _suite = new();
    private readonly TunDevice _interface;
    private readonly TunnelCore _core;
    private readonly TunnelWorker[] _workers;
    private readonly Action<PeerKey>? _handshakeFailed;
    private readonly Action<string>? _routeProblem;
    private readonly bool _callsNewPeers;
    private TunnelInterface? _hostSide; // Null when addresses and routes are somebody else's.
    private SecretKey? _privateKey;
    private SecretKey? _nextPrivateKey;
    private ushort _port;
    private uint _mark;

    private TunnelEngine(TunDevice device, UdpSocket[] sockets, TunnelEngineSettings settings)
    {
        _interface = device;
        _port = sockets[0].Port;
        _handshakeFailed = settings.HandshakeFailed;
        _routeProblem = settings.RouteProblem;
        _callsNewPeers = settings.CallsNewPeers;
        Span<byte> nobody = stackalloc byte[SecretKey.Bytes];
        KernelRandom.Fill(nobody);
        _core = new TunnelCore(new Device(_suite, nobody, KernelRandom.Fill), settings.Mtu);
        nobody.Clear();
        _workers = new TunnelWorker[sockets.Length];
        for (int i = 0; i < sockets.Length; i++)
        {
            Action<Peer>? failed = i == 0 ? OnHandshakeFailed : null;
            _workers[i] = new TunnelWorker(_core, device.Queues[i], sockets[i], $"tunnel-{i}", failed);
        }

    }

    /// <summary>The name the interface got.</summary>
    public string InterfaceName => _interface.Name;

    /// <summary>Makes the interface, which is down and has no addresses yet, and opens the port.</summary>
    /// <param name="settings">Name, port, workers.</param>
    /// <param name="problem">What kept it from starting, with the cure.</param>
    public static TunnelEngine? Start(TunnelEngineSettings settings, out string? problem)
    {
        problem = CipherSuite.FindProblem();
        if (problem is not null) { return null; }
        TunSettings wanted = new() { Name = settings.InterfaceName, Queues = settings.Workers };
        TunProblem refused = TunDevice.Open(wanted, out TunDevice? device, out Errno error);
        problem = TunnelProblemText.Of(refused, error, settings.InterfaceName);
        if (problem is not null) { return null; }
        SysResult opened = OpenSockets(settings.Workers, settings.ListenPort, mark: 0, out UdpSocket[] sockets);
        if (!opened.Ok)
        {
            problem = TunnelProblemText.OfPort(opened.Error, settings.ListenPort);
            device!.Dispose();
            return null;
        }

        TunnelEngine engine = new(device!, sockets, settings);
        TunnelInterface.LimitSegments(device!.Name, settings.Mtu);
        if (settings.Addresses.Count > 0)
        {
            engine._hostSide = TunnelInterface.Open(device!.Name, settings, out problem);
            if (problem is not null)
            {
                engine.Dispose();
                return null;
            }
        }

        foreach (TunnelWorker worker in engine._workers) { worker.Start(); }
        return engine;
    }

    public TunnelState Read()
    {
        lock (_lock)
        {
            List<TunnelPeerState> peers = [];
            foreach (Peer peer in _core.Device.Peers) { peers.Add(StateOf(peer)); }
            return new TunnelState
            {
                PrivateKey = _privateKey is { } key ? new SecretKey(key.Span) : null,
                ListenPort = _port,
                Mark = _mark,
                Peers = peers,
            };
        }
    }

    /// <summary>One for each worker.</summary>
    public IReadOnlyList<TunnelCounters> Counters => Array.ConvertAll(_workers, static worker => worker.Counters);

    public TunnelFigures Measure()
    {
        lock (_lock)
        {
            IReadOnlyList<Peer> peers = _core.Device.Peers;
            TunnelPeerFigures[] figures = new TunnelPeerFigures[peers.Count];
            for (int i = 0; i < figures.Length; i++) { figures[i] = FiguresOf(peers[i]); }
            return new TunnelFigures
            {
                PublicKey = _privateKey is null ? null : TunnelKeys.Key(_core.Device.PublicKey),
                NextPublicKey = _core.Device.OtherPublicKey is { } next ? TunnelKeys.Key(next) : null,
                ListenPort = _port,
                CountsPackets = true,
                DropReasons = TunnelDrops.DeviceWords,
                Drops = TunnelDrops.OfDevice(_core.Device.Drops),
                PeerDropReasons = TunnelDrops.PeerWords,
                Peers = figures,
            };
        }
    }

    public bool TryApply(TunnelChange change)
    {
        lock (_lock)
        {
            if (!TryMove(change)) { return false; }
            if (change.PrivateKey is not null || change.NextPrivateKey is not null) { SetPrivateKeys(change); }
            if (change.ReplacePeers) { RemoveAll(); }
            foreach (TunnelPeerChange peer in change.Peers) { Apply(peer); }
            SetRoutes();
        }

        _core.RequestTick();
        return true;
    }

    public void Dispose()
    {
        foreach (TunnelWorker worker in _workers) { worker.Dispose(); }
        _hostSide?.Dispose();
        _interface.Dispose();
        _core.Device.Dispose();
        _privateKey?.Wipe();
        _nextPrivateKey?.Wipe();
        _suite.Dispose();
    }

    /// <summary>
    /// Several sockets on one port: the kernel keeps each sender with one of them (SO_REUSEPORT, socket(7)).
    /// </summary>
    private static SysResult OpenSockets(int count, ushort port, uint mark, out UdpSocket[] sockets)
    {
        sockets = new UdpSocket[count];
        for (int i = 0; i < count; i++)
        {
            UdpSettings settings = new() { Port = i == 0 ? port : sockets[0].Port, ReusePort = count > 1, Mark = mark };
            SysResult opened = UdpSocket.Open(settings, out UdpSocket? socket);
            if (!opened.Ok)
            {
                foreach (UdpSocket? open in sockets) { open?.Dispose(); }
                return opened;
            }

            sockets[i] = socket!;
        }

        return new SysResult(0);
    }

    /// <summary>To another port, or marked otherwise. On failure nothing has changed.</summary>
    private bool TryMove(TunnelChange change)
    {
        ushort port = change.ListenPort ?? _port;
        uint mark = change.Mark ?? _mark;
        if (port == _port && mark == _mark) { return true; }
        if (!OpenSockets(_workers.Length, port, mark, out UdpSocket[] sockets).Ok) { return false; }
        _port = sockets[0].Port;
        _mark = mark;
        for (int i = 0; i < _workers.Length; i++) { _workers[i].Use(sockets[i]); }
        return true;
    }

    /// <summary>Without a key it has one nobody knows, so that nobody can call it and its calls are nobody's.</summary>
    private void SetPrivateKeys(TunnelChange change)
    {
        Take(change.PrivateKey, ref _privateKey);
        Take(change.NextPrivateKey, ref _nextPrivateKey);
        Device device = _core.Device;
        Span<byte> nobody = stackalloc byte[SecretKey.Bytes];
        KernelRandom.Fill(nobody);
        ReadOnlySpan<byte> next = _nextPrivateKey is { } other ? other.Span : default;
        device.SetPrivateKeys(_suite, _privateKey is { } key ? key.Span : nobody, next);
        nobody.Clear();

        // A host is no peer of its own (wg_set_device in drivers/net/wireguard/netlink.c).
        if (device.Find(device.PublicKey) is { } self) { device.Remove(self); }
        if (device.OtherPublicKey is { } nextKey && device.Find(nextKey) is { } nextSelf) { device.Remove(nextSelf); }
    }

    /// <summary>Null leaves what is there, the zero key removes it.</summary>
    private static void Take(SecretKey? given, ref SecretKey? kept)
    {
        if (given is null) { return; }
        kept?.Wipe();
        kept = given.IsZero ? null : given;
    }

    private void RemoveAll()
    {
        foreach (Peer peer in _core.Device.Peers) { _core.Device.Remove(peer); } // The list is a new one after each.
    }

    private void Apply(TunnelPeerChange change)
    {
        Device device = _core.Device;
        PublicKey key = TunnelKeys.Public(change.PublicKey);
        Peer? peer = device.Find(key);
        if (change.Remove)
        {
            if (peer is not null) { device.Remove(peer); }
            return;
        }

        bool isNew = peer is null && !change.UpdateOnly;
        if (isNew) { peer = device.Add(key); }
        if (peer is null)
        {
            change.PresharedKey?.Wipe();
            return;
        }

        peer.MtuBytes = _core.Mtu;
        if (change.PresharedKey is { } preshared)
        {
            peer.SetPresharedKey(preshared.Span);
            preshared.Wipe();
        }

        if (change.Endpoint is { Address: var address, Port: var port })
        {
            peer.Endpoint = new Endpoint(address.High, address.Low, port);
        }

        if (change.KeepaliveSeconds is { } seconds) { peer.KeepaliveSeconds = seconds; }
        SetAllowedIps(peer, change);
        if (isNew && _callsNewPeers) { _core.RequestCall(peer); }
    }

    private void SetAllowedIps(Peer peer, TunnelPeerChange change)
    {
        Device device = _core.Device;
        if (change.ReplaceAllowedIps || change.RemovedIps.Count > 0)
        {
            List<AllowedIp> kept = change.ReplaceAllowedIps ? [] : new(device.AllowedIpsOf(peer));
            foreach (IpPrefix block in change.RemovedIps) { kept.Remove(TunnelKeys.Block(block)); }
            device.SetAllowedIps(peer, CollectionsMarshal.AsSpan(kept));
        }

        foreach (IpPrefix block in change.AllowedIps) { device.AddAllowedIp(peer, TunnelKeys.Block(block)); }
    }

    private void SetRoutes()
    {
        if (_hostSide is null) { return; }
        HashSet<IpPrefix> blocks = [];
        foreach (Peer peer in _core.Device.Peers) { blocks.UnionWith(BlocksOf(peer)); }
        foreach (string problem in _hostSide.Route(blocks)) { _routeProblem?.Invoke(problem); }
    }

    private TunnelPeerState StateOf(Peer peer) => new()
    {
        PublicKey = TunnelKeys.Key(peer.PublicKey),
        PresharedKey = PresharedKeyOf(peer),
        Endpoint = EndpointOf(peer),
        AllowedIps = BlocksOf(peer),
        KeepaliveSeconds = (ushort)peer.KeepaliveSeconds,
        HandshakeUnixNs = peer.LastHandshakeUnixNs,
        ReceivedBytes = peer.ReceivedBytes,
        SentBytes = peer.SentBytes,
    };

    private List<IpPrefix> BlocksOf(Peer peer)
    {
        List<IpPrefix> blocks = [];
        foreach (AllowedIp block in _core.Device.AllowedIpsOf(peer)) { blocks.Add(TunnelKeys.Prefix(block)); }
        return blocks;
    }

    private static TunnelPeerFigures FiguresOf(Peer peer) => new()
    {
        PublicKey = TunnelKeys.Key(peer.PublicKey),
        Endpoint = EndpointOf(peer),
        HandshakeUnixNs = peer.LastHandshakeUnixNs,
        Handshakes = peer.Handshakes,
        EndpointChanges = peer.EndpointChanges,
        ReceivedBytes = peer.ReceivedBytes,
        ReceivedPackets = peer.ReceivedPackets,
        SentBytes = peer.SentBytes,
        SentPackets = peer.SentPackets,
        QueuedPackets = peer.QueuedPackets,
        Drops = TunnelDrops.OfPeer(peer.Drops),
    };

    private static IpEndpoint? EndpointOf(Peer peer) =>
        peer.Endpoint is { } at ? new IpEndpoint(new IpAddress(at.High, at.Low), at.Port) : null;

    private static SecretKey? PresharedKeyOf(Peer peer)
    {
        Span<byte> bytes = stackalloc byte[SecretKey.Bytes];
        SecretKey? key = peer.TryCopyPresharedKey(bytes) ? new SecretKey(bytes) : null;
        bytes.Clear();
        return key;
    }

    private void OnHandshakeFailed(Peer peer) => _handshakeFailed?.Invoke(TunnelKeys.Key(peer.PublicKey));
}
