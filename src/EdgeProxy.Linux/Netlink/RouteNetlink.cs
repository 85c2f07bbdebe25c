namespace EdgeProxy.Linux;

/// <summary>
/// Interfaces, their addresses and the routes to them, over rtnetlink(7). Called from the slow side, by one thread.
/// What it makes it never makes over another program's: EEXIST is a clash, told and left alone. Changes want
/// CAP_NET_ADMIN (EPERM); <see cref="Explanation"/> is the kernel's sentence about the latest failure.
/// </summary>
public sealed class RouteNetlink : IDisposable
{
    /// <summary>
    /// The protocol number our routes carry, by which a later run knows them: none of those in /etc/iproute2/rt_protos.
    /// See docs/decisions/0085-own-netlink.md.
    /// </summary>
    public const byte OwnProtocol = 151;

    private readonly NetlinkSocket _socket;

    private RouteNetlink(NetlinkSocket socket) => _socket = socket;

    /// <summary>What the kernel said about the latest refusal; empty when it gave only a number.</summary>
    public string Explanation => _socket.Explanation;

    public static SysResult Open(out RouteNetlink? netlink)
    {
        SysResult opened = NetlinkSocket.Open(NetlinkAbi.NETLINK_ROUTE, out NetlinkSocket? socket);
        netlink = socket is null ? null : new RouteNetlink(socket);
        return opened;
    }

    /// <summary>ENODEV: no interface of that name.</summary>
    public SysResult FindLink(string name, out LinkInfo link)
    {
        LinkInfo found = default;
        SysResult result = _socket.Ask(
            RouteMessages.FindLink(name), (type, body) => _ = RouteMessages.TryReadLink(type, body, out found));
        link = found;
        return result;
    }

    internal SysResult ListLinks(List<LinkInfo> links) => _socket.Ask(RouteMessages.ListLinks(), (type, body) =>
    {
        if (RouteMessages.TryReadLink(type, body, out LinkInfo link)) { links.Add(link); }
    });

    /// <summary>
    /// Makes a virtual interface. EOPNOTSUPP: the kernel knows no such kind; EEXIST: the name is taken.
    /// </summary>
    public SysResult CreateLink(string name, string kind) => _socket.Ask(RouteMessages.CreateLink(name, kind));

    public SysResult DeleteLink(int index) => _socket.Ask(RouteMessages.DeleteLink(index));

    public SysResult SetUp(int index, bool up) => _socket.Ask(RouteMessages.SetUp(index, up));

    public SysResult SetMtu(int index, int mtu) => _socket.Ask(RouteMessages.SetMtu(index, mtu));

    /// <summary>
    /// How much uncut TCP the interface hands over at once: with <see cref="UdpSendBatch.MessageBytesMax"/> divided by
    /// a
    /// sealed packet's length for the segments, one read becomes one message.
    /// </summary>
    public SysResult SetSegmentLimits(int index, int bytesMax, int segmentsMax) =>
        _socket.Ask(RouteMessages.SetSegmentLimits(index, bytesMax, segmentsMax));

    /// <summary>EEXIST: it has the address.</summary>
    /// <param name="address">Interface, address and length.</param>
    /// <param name="prefixRoute">
    /// The kernel makes a route to the whole prefix along with it, under its own protocol number.
    /// </param>
    public SysResult AddAddress(in InterfaceAddress address, bool prefixRoute) =>
        _socket.Ask(RouteMessages.AddAddress(address, prefixRoute));

    /// <summary>EADDRNOTAVAIL: it does not have it.</summary>
    internal SysResult RemoveAddress(in InterfaceAddress address) => _socket.Ask(RouteMessages.RemoveAddress(address));

    public SysResult ListAddresses(List<InterfaceAddress> addresses) =>
        _socket.Ask(RouteMessages.ListAddresses(), (type, body) =>
        {
            if (RouteMessages.TryReadAddress(type, body, out InterfaceAddress address)) { addresses.Add(address); }
        });

    /// <summary>
    /// EEXIST: a route to the same prefix with the same metric is there, and stays. One with another metric is no clash
    /// to
    /// the kernel: <see cref="ListRoutes"/> shows it.
    /// </summary>
    public SysResult AddRoute(int linkIndex, in NetworkPrefix prefix, uint metric) =>
        _socket.Ask(RouteMessages.AddRoute(new RouteInfo(linkIndex, prefix, OwnProtocol, metric)));

    /// <summary>Takes a route of ours away, and nobody else's: ESRCH when there is none.</summary>
    public SysResult RemoveRoute(int linkIndex, in NetworkPrefix prefix, uint metric) =>
        _socket.Ask(RouteMessages.RemoveRoute(new RouteInfo(linkIndex, prefix, OwnProtocol, metric)));

    /// <summary>Routes of the main table, both families.</summary>
    public SysResult ListRoutes(List<RouteInfo> routes, bool onlyOwn)
    {
        byte protocol = onlyOwn ? OwnProtocol : (byte)0;
        SysResult result = List(routes, isIPv4: true, protocol);
        if (!result.Ok) { return result; }
        SysResult second = List(routes, isIPv4: false, protocol);
        return second.Error == Errno.EOPNOTSUPP ? result : second; // A host without IPv6.
    }

    public void Dispose() => _socket.Dispose();

    private SysResult List(List<RouteInfo> routes, bool isIPv4, byte protocol)
    {
        SysResult result = _socket.Ask(RouteMessages.ListRoutes(isIPv4, protocol), (type, body) =>
        {
            bool wanted = RouteMessages.TryReadRoute(type, body, out RouteInfo route)
                && (protocol == 0 || route.Protocol == protocol); // Kernels before 4.20 do not choose.
            if (wanted) { routes.Add(route); }
        });
        return result.Error == Errno.ENOENT ? new SysResult(0) : result; // A table nothing was ever put into.
    }
}
