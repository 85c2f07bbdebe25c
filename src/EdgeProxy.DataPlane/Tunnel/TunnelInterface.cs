using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>
/// The tunnel's interface as the host sees it: its MTU, its addresses, and a route to every block of a peer's that
/// those do not lead to already. Nothing of another program's is touched, and all of it goes away with the interface.
/// </summary>
internal sealed class TunnelInterface : IDisposable
{
    private const uint Metric = 0;
    private const int MappedBits = 96;
    private const int SealedOverheadBytes = 32; // Header and tag of a data message.

    private readonly RouteNetlink _netlink;
    private readonly IReadOnlyList<TunnelAddress> _addresses;
    private readonly LinkInfo _link;
    private readonly HashSet<IpPrefix> _routes = [];
    private readonly HashSet<IpPrefix> _refused = [];

    private TunnelInterface(RouteNetlink netlink, in LinkInfo link, IReadOnlyList<TunnelAddress> addresses)
    {
        _netlink = netlink;
        _link = link;
        _addresses = addresses;
    }

    /// <summary>
    /// Lets the kernel hand over so much uncut TCP at once that, sealed, it leaves in one call. A wish: without it a
    /// frame takes two.
    /// </summary>
    public static void LimitSegments(string name, int mtu)
    {
        SysResult opened = RouteNetlink.Open(out RouteNetlink? netlink);
        if (!opened.Ok) { return; }
        if (netlink!.FindLink(name, out LinkInfo link).Ok)
        {
            int segments = UdpSendBatch.MessageBytesMax / (mtu + SealedOverheadBytes);
            _ = netlink.SetSegmentLimits(link.Index, segments * mtu, segments);
        }

        netlink.Dispose();
    }

    /// <summary>Gives the interface its addresses and brings it up.</summary>
    /// <param name="name">Of the interface, which exists.</param>
    /// <param name="settings">MTU and addresses.</param>
    /// <param name="problem">What the kernel refused, with the cure.</param>
    public static TunnelInterface? Open(string name, TunnelEngineSettings settings, out string? problem)
    {
        SysResult opened = RouteNetlink.Open(out RouteNetlink? netlink);
        LinkInfo link = default;
        if (opened.Ok) { opened = netlink!.FindLink(name, out link); }
        if (!opened.Ok)
        {
            problem = $"the interface {name} cannot be set up ({opened.Error})";
            netlink?.Dispose();
            return null;
        }

        TunnelInterface made = new(netlink!, link, settings.Addresses);
        problem = made.SetUp(settings.Mtu);
        if (problem is null) { return made; }
        made.Dispose();
        return null;
    }

    /// <summary>Makes the routes those to <paramref name="blocks"/>, and no others.</summary>
    /// <returns>What could not be routed and was not told before, as sentences with the cure.</returns>
    public IReadOnlyList<string> Route(HashSet<IpPrefix> blocks)
    {
        blocks.RemoveWhere(IsOnLink);
        _routes.RemoveWhere(route =>
        {
            bool isGone = !blocks.Contains(route);
            if (isGone) { _netlink.RemoveRoute(_link.Index, Kernel(route), Metric); }
            return isGone;
        });
        _refused.IntersectWith(blocks);
        List<string> problems = [];
        foreach (IpPrefix block in blocks)
        {
            if (_routes.Contains(block)) { continue; }
            SysResult added = _netlink.AddRoute(_link.Index, Kernel(block), Metric);
            if (added.Ok)
            {
                _routes.Add(block);
                _refused.Remove(block);
            }
            else if (_refused.Add(block))
            {
                problems.Add(Clash(block, added.Error));
            }
        }

        return problems;
    }

    public void Dispose() => _netlink.Dispose();

    private string? SetUp(int mtu)
    {
        if (Taken() is { } taken) { return taken; }
        SysResult result = _netlink.SetMtu(_link.Index, mtu);
        if (!result.Ok)
        {
            return $"the interface {_link.Name} takes no MTU of {mtu} ({result.Error}). Lower EDGEPROXY_WIREGUARD_MTU";
        }

        foreach (TunnelAddress address in _addresses)
        {
            NetworkPrefix own = new(address.Address.High, address.Address.Low, BitsOf(address.Address, address.Bits));
            result = _netlink.AddAddress(new InterfaceAddress(_link.Index, own), prefixRoute: true);
            if (!result.Ok)
            {
                return $"EDGEPROXY_WIREGUARD_ADDRESS: the kernel does not take {address} ({result.Error}); "
                    + "for an IPv6 one, look whether net.ipv6.conf.all.disable_ipv6 is 0";
            }
        }

        result = _netlink.SetUp(_link.Index, up: true);
        return result.Ok ? null : $"the interface {_link.Name} cannot be brought up ({result.Error})";
    }

    /// <summary>
    /// An address or a network of ours that another interface has: traffic would go astray, ours or theirs.
    /// </summary>
    private string? Taken()
    {
        List<RouteInfo> routes = [];
        List<InterfaceAddress> others = [];
        _ = _netlink.ListRoutes(routes, onlyOwn: false);
        _ = _netlink.ListAddresses(others);
        foreach (TunnelAddress address in _addresses)
        {
            NetworkPrefix network = Kernel(address.Network);
            IpAddress own = address.Address;
            if (others.Exists(other => other.Prefix.High == own.High && other.Prefix.Low == own.Low))
            {
                return $"EDGEPROXY_WIREGUARD_ADDRESS: {own} is this host's already, on another interface. "
                    + "Remove it there (ip address), or take another";
            }

            if (routes.Exists(route => route.Prefix == network && route.LinkIndex != _link.Index))
            {
                return $"EDGEPROXY_WIREGUARD_ADDRESS: the network {address.Network} is routed elsewhere already "
                    + $"(ip route show {address.Network}). Remove that route, or take another network";
            }
        }

        return null;
    }

    private string Clash(in IpPrefix block, Errno error) => error == Errno.EEXIST
        ? $"no route to {block} through the tunnel: another program has one (ip route show {block}). "
            + "Remove it, or take the block out of the peer's allowed_ips"
        : $"no route to {block} through the tunnel ({error} {_netlink.Explanation})";

    private bool IsOnLink(IpPrefix block)
    {
        foreach (TunnelAddress address in _addresses)
        {
            if (block.Bits >= address.Bits && address.Network.Contains(block.Address)) { return true; }
        }

        return false;
    }

    public static NetworkPrefix Kernel(in IpPrefix block) =>
        new(block.Address.High, block.Address.Low, BitsOf(block.Address, block.Bits));

    private static int BitsOf(in IpAddress address, int bits) => address.IsIPv4 ? bits - MappedBits : bits;
}
