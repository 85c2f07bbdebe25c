using EdgeProxy.Testing;

namespace EdgeProxy.Linux.Tests;

/// <summary>Against the kernel, in a namespace of each test's own.</summary>
public sealed class RouteNetlinkTests
{
    private static readonly NetworkPrefix s_v4 = new(0, 0x0000_FFFF_0A32_0000UL, 16);           // 10.50.0.0/16
    private static readonly NetworkPrefix s_v4Address = new(0, 0x0000_FFFF_0A32_0102UL, 16);    // 10.50.1.2/16
    private static readonly NetworkPrefix s_v6 = new(0xFD50UL << 48, 0, 48);                    // fd50::/48
    private static readonly NetworkPrefix s_v6Address = new(0xFD50UL << 48, 1, 48);             // fd50::1/48

    public RouteNetlinkTests() => Assert.SkipWhen(NetworkNamespace.Missing is not null, NetworkNamespace.Missing ?? "");

    [Fact]
    public void FindLink_WhenItIsThere_TellsOfItAndOtherwiseThatThereIsNone() => InNamespace((netlink, link) =>
    {
        Assert.Equal(("test0", "tun", 1500, false), (link.Name, link.Kind, link.Mtu, link.IsUp));
        Assert.Equal(Errno.ENODEV, netlink.FindLink("absent", out LinkInfo absent).Error);
        Assert.Equal(default, absent);
        List<LinkInfo> links = [];
        Assert.True(netlink.ListLinks(links).Ok);
        Assert.Equal(["lo", "test0"], links.Select(static l => l.Name));
    });

    [Fact]
    public void SetUpAndSetMtu_WhenAsked_ChangeTheLink() => InNamespace((netlink, link) =>
    {
        Assert.True(netlink.SetMtu(link.Index, 1_420).Ok);
        Assert.True(netlink.SetUp(link.Index, up: true).Ok);
        Assert.Equal((1_420, true), Find(netlink));
        Assert.True(netlink.SetUp(link.Index, up: false).Ok);
        Assert.Equal((1_420, false), Find(netlink));
        Assert.Equal(Errno.EINVAL, netlink.SetMtu(link.Index, 70_000).Error);
        Assert.Equal("mtu greater than device maximum", netlink.Explanation);
        Assert.True(netlink.SetSegmentLimits(link.Index, 60_000, 45).Ok);
        string shown = NetworkNamespace.Shell("ip", "-d", "link", "show", "test0");
        Assert.Contains("gso_max_size 60000 gso_max_segs 45", shown, StringComparison.Ordinal);

        static (int Mtu, bool IsUp) Find(RouteNetlink netlink)
        {
            Assert.True(netlink.FindLink("test0", out LinkInfo found).Ok);
            return (found.Mtu, found.IsUp);
        }
    });

    [Fact]
    public void Addresses_WhenAddedAndRemoved_AreThereAndGone() => InNamespace((netlink, link) =>
    {
        Assert.True(netlink.SetUp(link.Index, up: true).Ok);
        InterfaceAddress v4 = new(link.Index, s_v4Address), v6 = new(link.Index, s_v6Address);
        Assert.True(netlink.AddAddress(v4, prefixRoute: false).Ok);
        Assert.True(netlink.AddAddress(v6, prefixRoute: false).Ok);
        Assert.Equal(Errno.EEXIST, netlink.AddAddress(v4, prefixRoute: false).Error);
        Assert.Equal([v4, v6], Own(netlink, link));
        List<RouteInfo> routes = [];
        Assert.True(netlink.ListRoutes(routes, onlyOwn: false).Ok);
        Assert.DoesNotContain(routes, static route => route.Prefix == s_v4 || route.Prefix == s_v6);

        Assert.True(netlink.RemoveAddress(v4).Ok);
        Assert.Equal(Errno.EADDRNOTAVAIL, netlink.RemoveAddress(v4).Error);
        Assert.True(netlink.RemoveAddress(v6).Ok);
        Assert.Empty(Own(netlink, link));

        Assert.True(netlink.AddAddress(v4, prefixRoute: true).Ok);
        Assert.True(netlink.ListRoutes(routes, onlyOwn: false).Ok);
        Assert.Contains(routes, static route => route.Prefix == s_v4 && route.Protocol != RouteNetlink.OwnProtocol);

        static List<InterfaceAddress> Own(RouteNetlink netlink, LinkInfo link)
        {
            List<InterfaceAddress> all = [];
            Assert.True(netlink.ListAddresses(all).Ok);
            return [.. all.Where(a => a.LinkIndex == link.Index && a.Prefix.High >> 48 != 0xFE80)];
        }
    });

    [Fact]
    public void Routes_WhenAddedAndRemoved_AreKnownAsOursAndLeaveOthersAlone() => InNamespace((netlink, link) =>
    {
        Assert.True(netlink.SetUp(link.Index, up: true).Ok);
        NetworkNamespace.Shell("ip", "link", "set", "lo", "up");
        NetworkNamespace.Shell("ip", "route", "add", "10.60.0.0/16", "dev", "lo");
        NetworkNamespace.Shell("ip", "-6", "route", "add", "fd60::/48", "dev", "lo", "metric", "1024");
        NetworkPrefix foreign = new(0, 0x0000_FFFF_0A3C_0000UL, 16), foreignV6 = new(0xFD60UL << 48, 0, 48);

        Assert.True(netlink.AddRoute(link.Index, s_v4, 0).Ok);
        Assert.True(netlink.AddRoute(link.Index, s_v6, 0).Ok);
        Assert.Equal(Errno.EEXIST, netlink.AddRoute(link.Index, s_v4, 0).Error);
        Assert.Equal(Errno.EEXIST, netlink.AddRoute(link.Index, foreign, 0).Error);
        Assert.Equal(Errno.EEXIST, netlink.AddRoute(link.Index, foreignV6, 0).Error);
        List<RouteInfo> own = [];
        Assert.True(netlink.ListRoutes(own, onlyOwn: true).Ok);
        Assert.Equal(
            [
                new RouteInfo(link.Index, s_v4, RouteNetlink.OwnProtocol, 0),
                new RouteInfo(link.Index, s_v6, RouteNetlink.OwnProtocol, 1_024), // What IPv6 makes of 0.
            ],
            own);
        List<RouteInfo> all = [];
        Assert.True(netlink.ListRoutes(all, onlyOwn: false).Ok);
        Assert.Contains(all, route => route.Prefix == foreign);
        Assert.Contains(all, route => route.Prefix == foreignV6);
        Assert.Contains(all, route => route.Prefix == s_v4);

        Assert.Equal(Errno.ESRCH, netlink.RemoveRoute(1, foreign, 0).Error);
        Assert.Equal(Errno.ESRCH, netlink.RemoveRoute(1, foreignV6, 0).Error);
        Assert.True(netlink.RemoveRoute(link.Index, s_v4, 0).Ok);
        Assert.True(netlink.RemoveRoute(link.Index, s_v6, 0).Ok);
        own.Clear();
        Assert.True(netlink.ListRoutes(own, onlyOwn: true).Ok);
        Assert.Empty(own);
        Assert.Contains("10.60.0.0/16 dev lo", NetworkNamespace.Shell("ip", "route"), StringComparison.Ordinal);
        Assert.Contains("fd60::/48 dev lo", NetworkNamespace.Shell("ip", "-6", "route"), StringComparison.Ordinal);
    });

    [Fact]
    public void ListRoutes_WhenThereAreThousands_ReadsThemAll() => InNamespace((netlink, link) =>
    {
        Assert.True(netlink.SetUp(link.Index, up: true).Ok);
        HashSet<NetworkPrefix> added = [];
        for (ulong i = 0; i < 3_000; i++)
        {
            NetworkPrefix prefix = new(0, 0x0000_FFFF_0B00_0000UL | (i << 8), 24);
            Assert.True(netlink.AddRoute(link.Index, prefix, 5).Ok);
            added.Add(prefix);
        }

        List<RouteInfo> own = [];
        Assert.True(netlink.ListRoutes(own, onlyOwn: true).Ok);
        Assert.Equal(added, own.Select(static route => route.Prefix).ToHashSet());
        Assert.All(own, static route => Assert.Equal(5u, route.Metric));
    });

    [Fact]
    public void CreateLink_WhenTheKindIsKnown_MakesIt_AndDeleteLinkTakesItAway() => InNamespace((netlink, _) =>
    {
        Assert.True(netlink.CreateLink("made0", "veth").Ok);
        Assert.Equal(Errno.EEXIST, netlink.CreateLink("made0", "veth").Error);
        Assert.True(netlink.FindLink("made0", out LinkInfo made).Ok);
        Assert.Equal("veth", made.Kind);
        Assert.True(netlink.DeleteLink(made.Index).Ok);
        Assert.Equal(Errno.ENODEV, netlink.FindLink("made0", out _).Error);
        Assert.Equal(Errno.EOPNOTSUPP, netlink.CreateLink("made0", "no-such-kind").Error);
        Assert.Equal("Unknown device type", netlink.Explanation);
    });

    /// <summary>With the module: a device made, set and read back. Without: it says that it is not there.</summary>
    [Fact]
    public void WireGuard_WhenTheKernelHasIt_IsSetAndRead_AndOtherwiseNotThere() => InNamespace((netlink, _) =>
    {
        SysResult made = netlink.CreateLink("wg-kernel", WireGuardNetlink.LinkKind);
        SysResult opened = WireGuardNetlink.Open(out WireGuardNetlink? wireGuard);
        if (!made.Ok)
        {
            Assert.Equal((Errno.EOPNOTSUPP, Errno.ENOENT), (made.Error, opened.Error));
            Assert.Null(wireGuard);
            return;
        }

        using WireGuardNetlink device = wireGuard!;
        byte[] key = [.. Enumerable.Repeat((byte)9, 32)];
        WireGuardPeerChange peer = new() { PublicKey = key, KeepaliveSeconds = 25, AllowedIps = [s_v4, s_v6] };
        WireGuardDeviceChange change = new()
        {
            Name = "wg-kernel",
            PrivateKey = key,
            ListenPort = 51_821,
            Peers = [peer],
        };
        Assert.True(device.Set(change).Ok);
        WireGuardDeviceState state = new();
        Assert.True(device.Get("wg-kernel", state).Ok);
        Assert.Equal((ushort)51_821, state.ListenPort);
        WireGuardPeerState read = Assert.Single(state.Peers);
        Assert.Equal(key, read.PublicKey);
        Assert.Equal([s_v4, s_v6], read.AllowedIps);
    });

    private static void InNamespace(Action<RouteNetlink, LinkInfo> test) => NetworkNamespace.Run(() =>
    {
        Assert.Equal(TunProblem.None, TunDevice.Open(new TunSettings { Name = "test0" }, out TunDevice? device, out _));
        using TunDevice tun = device!;
        Assert.True(RouteNetlink.Open(out RouteNetlink? opened).Ok);
        using RouteNetlink netlink = opened!;
        Assert.True(netlink.FindLink("test0", out LinkInfo link).Ok);
        test(netlink, link);
    });
}
