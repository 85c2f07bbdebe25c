namespace EdgeProxy.Linux;

/// <summary>
/// The kernel's WireGuard, over generic netlink. Called from the slow side, by one thread: <see cref="Open"/> says
/// whether
/// the kernel has it; the interface itself is made by <see cref="RouteNetlink.CreateLink"/> with <see
/// cref="LinkKind"/>.
/// </summary>
public sealed class WireGuardNetlink : IDisposable
{
    /// <summary>Of the interface; making one loads the module where there is one.</summary>
    public const string LinkKind = "wireguard";

    private readonly NetlinkSocket _socket;
    private readonly ushort _family;

    private WireGuardNetlink(NetlinkSocket socket, ushort family)
    {
        _socket = socket;
        _family = family;
    }

    /// <summary>What the kernel said about the latest refusal; empty when it gave only a number.</summary>
    internal string Explanation => _socket.Explanation;

    /// <summary>ENOENT: the kernel has no WireGuard, or its module is not loaded.</summary>
    public static SysResult Open(out WireGuardNetlink? netlink)
    {
        netlink = null;
        SysResult result = NetlinkSocket.Open(NetlinkAbi.NETLINK_GENERIC, out NetlinkSocket? socket);
        if (!result.Ok) { return result; }
        ushort family = 0;
        result = socket!.Ask(
            WireGuardMessages.FindFamily(LinkKind), (_, body) => family = WireGuardMessages.ReadFamily(body));
        if (result.Ok && family == 0) { result = SysResult.Failed(Errno.ENOENT); }
        if (!result.Ok)
        {
            socket.Dispose();
            return result;
        }

        netlink = new WireGuardNetlink(socket, family);
        return result;
    }

    /// <summary>
    /// Changes a device; stops at the first part that is refused. ENODEV: there is none of that name.
    /// </summary>
    public SysResult Set(WireGuardDeviceChange change)
    {
        SysResult result = new(0);
        foreach (NetlinkMessage message in WireGuardMessages.SetDevice(_family, change))
        {
            if (result.Ok) { result = _socket.Ask(message); }
            message.Wipe();
        }

        return result;
    }

    /// <summary>Reads a device with its peers.</summary>
    public SysResult Get(string name, WireGuardDeviceState into) =>
        _socket.Ask(WireGuardMessages.GetDevice(_family, name), (_, body) => WireGuardMessages.Read(body, into));

    public void Dispose() => _socket.Dispose();
}
