using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>
/// The kernel's WireGuard as a tunnel: made, configured and read over netlink, while packets never come near this
/// program. The interface is ours and goes when this is disposed of.
/// </summary>
public sealed class KernelTunnel : ITunnelDevice, IDisposable
{
    private const int MappedBits = 96;

    private readonly Lock _lock = new();
    private readonly string _name;
    private readonly RouteNetlink _links;
    private readonly WireGuardNetlink _wireGuard;
    private readonly Action<string>? _routeProblem;
    private readonly int _link;
    private TunnelInterface? _hostSide;
    private SecretKey? _privateKey;

    private KernelTunnel(string name, RouteNetlink links, WireGuardNetlink wireGuard, int link, Action<string>? routeProblem)
    {
        _name = name;
        _links = links;
        _wireGuard = wireGuard;
        _link = link;
        _routeProblem = routeProblem;
    }

    /// <summary>Makes the interface, with its addresses, and opens the port.</summary>
    /// <param name="settings">Name, port, addresses.</param>
    /// <param name="isThere">The kernel has WireGuard, whatever became of it.</param>
    /// <param name="problem">What kept it from starting, with the cure.</param>
    public static KernelTunnel? Start(TunnelEngineSettings settings, out bool isThere, out string? problem)
    {
        string name = settings.InterfaceName;
        isThere = false;
        SysResult result = RouteNetlink.Open(out RouteNetlink? links);
        if (!result.Ok)
        {
            problem = $"the kernel's WireGuard cannot be asked for ({result.Error})";
            return null;
        }

        // Making the interface is what loads the module, so it comes before asking for the family.
        result = links!.CreateLink(name, WireGuardNetlink.LinkKind);
        isThere = result.Ok || result.Error is not (Errno.EOPNOTSUPP or Errno.EPERM);
        problem = result.Ok ? null : CreateProblem(result.Error, name);
        LinkInfo link = default;
        WireGuardNetlink? wireGuard = null;
        if (result.Ok)
        {
            result = links.FindLink(name, out link);
            if (result.Ok) { result = WireGuardNetlink.Open(out wireGuard); }
            if (!result.Ok) { problem = $"the kernel made {name} and does not answer for it ({result.Error})"; }
        }

        if (problem is not null)
        {
            if (link.Index > 0) { links.DeleteLink(link.Index); }
            links.Dispose();
            return null;
        }

        KernelTunnel tunnel = new(name, links, wireGuard!, link.Index, settings.RouteProblem);
        problem = tunnel.SetUp(settings);
        if (problem is null) { return tunnel; }
        tunnel.Dispose();
        return null;
    }

    public TunnelState Read()
    {
        lock (_lock)
        {
            WireGuardDeviceState state = new();
            _ = _wireGuard.Get(_name, state);
            List<TunnelPeerState> peers = [];
            foreach (WireGuardPeerState peer in state.Peers) { peers.Add(StateOf(peer)); }
            return new TunnelState
            {
                PrivateKey = _privateKey is { } key ? new SecretKey(key.Span) : null,
                ListenPort = state.ListenPort,
                Mark = state.Mark,
                Peers = peers,
            };
        }
    }

    public TunnelFigures Measure()
    {
        lock (_lock)
        {
            WireGuardDeviceState state = new();
            _ = _wireGuard.Get(_name, state);
            List<TunnelPeerFigures> peers = [];
            foreach (WireGuardPeerState peer in state.Peers) { peers.Add(FiguresOf(peer)); }
            return new TunnelFigures
            {
                PublicKey = _privateKey is null || state.PublicKey.Length == 0 ? null : new PeerKey(state.PublicKey),
                ListenPort = state.ListenPort,
                Peers = peers,
            };
        }
    }

    /// <summary>
    /// The kernel's device has one private key: a next one is not taken, and <see cref="Measure"/> shows none.
    /// </summary>
    public bool TryApply(TunnelChange change)
    {
        lock (_lock)
        {
            change.NextPrivateKey?.Wipe();
            List<WireGuardPeerChange> peers = [];
            foreach (TunnelPeerChange peer in change.Peers) { peers.Add(ChangeOf(peer)); }
            SysResult set = _wireGuard.Set(new WireGuardDeviceChange
            {
                Name = _name,
                PrivateKey = change.PrivateKey?.Span.ToArray(),
                ListenPort = change.ListenPort,
                Mark = change.Mark,
                ReplacePeers = change.ReplacePeers,
                Peers = peers,
            });
            if (!set.Ok) { return false; }
            if (change.PrivateKey is { } key)
            {
                _privateKey?.Wipe();
                _privateKey = key.IsZero ? null : key;
            }

            SetRoutes();
            return true;
        }
    }

    public void Dispose()
    {
        _hostSide?.Dispose();
        _links.DeleteLink(_link);
        _wireGuard.Dispose();
        _links.Dispose();
        _privateKey?.Wipe();
    }

    private static string CreateProblem(Errno error, string name) => error switch
    {
        Errno.EOPNOTSUPP =>
            "the kernel has no WireGuard (modprobe wireguard). Load it, or set EDGEPROXY_WIREGUARD to auto or builtin",
        Errno.EPERM => TunnelProblemText.Of(TunProblem.NoRight, error, name)!,
        Errno.EEXIST => TunnelProblemText.Of(TunProblem.NameTaken, error, name)!,
        _ => $"the kernel does not make the interface {name} ({error})",
    };

    private static WireGuardPeerChange ChangeOf(TunnelPeerChange peer)
    {
        List<NetworkPrefix> blocks = [];
        foreach (IpPrefix block in peer.AllowedIps) { blocks.Add(TunnelInterface.Kernel(block)); }
        byte[] key = new byte[PeerKey.Bytes];
        peer.PublicKey.CopyTo(key);
        return new WireGuardPeerChange
        {
            PublicKey = key,
            Remove = peer.Remove,
            UpdateOnly = peer.UpdateOnly,
            PresharedKey = peer.PresharedKey?.Span.ToArray(),
            Endpoint = peer.Endpoint is { } at ? SocketAddress.From(at.Address.High, at.Address.Low, at.Port) : null,
            KeepaliveSeconds = peer.KeepaliveSeconds,
            ReplaceAllowedIps = peer.ReplaceAllowedIps,
            AllowedIps = blocks,
        };
    }

    private static TunnelPeerState StateOf(WireGuardPeerState peer) => new()
    {
        PublicKey = new PeerKey(peer.PublicKey),
        PresharedKey = peer.PresharedKey.AsSpan().ContainsAnyExcept((byte)0) ? new SecretKey(peer.PresharedKey) : null,
        Endpoint = EndpointOf(peer),
        AllowedIps = BlocksOf(peer),
        KeepaliveSeconds = peer.KeepaliveSeconds,
        HandshakeUnixNs = peer.LastHandshakeUnixSeconds * 1_000_000_000,
        ReceivedBytes = (long)peer.ReceivedBytes,
        SentBytes = (long)peer.SentBytes,
    };

    private static TunnelPeerFigures FiguresOf(WireGuardPeerState peer) => new()
    {
        PublicKey = new PeerKey(peer.PublicKey),
        Endpoint = EndpointOf(peer),
        HandshakeUnixNs = peer.LastHandshakeUnixSeconds * 1_000_000_000,
        ReceivedBytes = (long)peer.ReceivedBytes,
        SentBytes = (long)peer.SentBytes,
    };

    private static IpEndpoint? EndpointOf(WireGuardPeerState peer) =>
        peer.Endpoint is { } at ? new IpEndpoint(new IpAddress(at.High, at.Low), at.Port) : null;

    private static List<IpPrefix> BlocksOf(WireGuardPeerState peer)
    {
        List<IpPrefix> blocks = [];
        foreach (NetworkPrefix block in peer.AllowedIps)
        {
            IpAddress address = new(block.High, block.Low);
            blocks.Add(new IpPrefix(address, block.IsIPv4 ? block.Bits + MappedBits : block.Bits));
        }

        return blocks;
    }

    private string? SetUp(TunnelEngineSettings settings)
    {
        SysResult set = _wireGuard.Set(new WireGuardDeviceChange { Name = _name, ListenPort = settings.ListenPort });
        if (!set.Ok) { return TunnelProblemText.OfPort(set.Error, settings.ListenPort); }
        _hostSide = TunnelInterface.Open(_name, settings, out string? problem);
        return problem;
    }

    private void SetRoutes()
    {
        WireGuardDeviceState state = new();
        if (!_wireGuard.Get(_name, state).Ok) { return; }
        HashSet<IpPrefix> blocks = [];
        foreach (WireGuardPeerState peer in state.Peers) { blocks.UnionWith(BlocksOf(peer)); }
        foreach (string problem in _hostSide!.Route(blocks)) { _routeProblem?.Invoke(problem); }
    }
}
