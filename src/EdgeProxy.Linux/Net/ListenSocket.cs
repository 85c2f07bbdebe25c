namespace EdgeProxy.Linux;

/// <summary>Opens listening sockets. Slow side: called when listeners change.</summary>
public static class ListenSocket
{
    /// <summary>
    /// Opens, binds and listens. An IPv6 wildcard takes IPv4 clients as well (ipv6(7), IPV6_V6ONLY off). Failures:
    /// EADDRINUSE, EACCES (a port under 1024 without the right), EADDRNOTAVAIL, EMFILE.
    /// </summary>
    public static unsafe SysResult Open(in SocketAddress address, ListenSettings settings, bool blocking, out Fd socket)
    {
        int type = Kernel.SOCK_STREAM | Kernel.SOCK_CLOEXEC | (blocking ? 0 : Kernel.SOCK_NONBLOCK);
        SysResult opened = Libc.Result(Libc.socket(address.IsIPv6 ? Kernel.AF_INET6 : Kernel.AF_INET, type, 0));
        socket = new Fd(opened.Value);
        if (!opened.Ok) { return opened; }

        SysResult result = Prepare(socket, address.IsIPv6, settings);
        if (result.Ok)
        {
            fixed (SocketAddress* pointer = &address)
            {
                result = Libc.Result(Libc.bind(socket.Number, pointer, address.Length));
            }
        }

        if (result.Ok) { result = Libc.Result(Libc.listen(socket.Number, settings.Backlog)); }
        if (!result.Ok)
        {
            Libc.close(socket.Number);
            socket = Fd.None;
        }

        return result;
    }

    /// <summary>
    /// Whether nobody listens on an address, not even with a shared port: EADDRINUSE if somebody does. It binds
    /// without listening, so no client can arrive at it.
    /// </summary>
    public static unsafe SysResult Probe(in SocketAddress address)
    {
        int type = Kernel.SOCK_STREAM | Kernel.SOCK_CLOEXEC;
        SysResult opened = Libc.Result(Libc.socket(address.IsIPv6 ? Kernel.AF_INET6 : Kernel.AF_INET, type, 0));
        if (!opened.Ok) { return opened; }
        Fd socket = new(opened.Value);
        SysResult result = Prepare(socket, address.IsIPv6, new ListenSettings { ReusePort = false });
        if (result.Ok)
        {
            fixed (SocketAddress* pointer = &address)
            {
                result = Libc.Result(Libc.bind(socket.Number, pointer, address.Length));
            }
        }

        Libc.close(socket.Number);
        return result;
    }

    /// <summary>The address a listener got, for one that asked for port 0.</summary>
    public static SysResult LocalAddress(Fd socket, out SocketAddress address) =>
        SocketCalls.LocalAddress(socket, out address);

    /// <summary>Closes a listener no loop has been given.</summary>
    public static void Close(Fd socket) => Libc.close(socket.Number);

    private static SysResult Prepare(Fd socket, bool ipv6, ListenSettings settings)
    {
        SysResult result = SocketCalls.SetInt(socket, Kernel.SOL_SOCKET, Kernel.SO_REUSEADDR, 1);
        if (result.Ok && settings.ReusePort)
        {
            result = SocketCalls.SetInt(socket, Kernel.SOL_SOCKET, Kernel.SO_REUSEPORT, 1);
        }

        if (result.Ok && ipv6) { result = SocketCalls.SetInt(socket, Kernel.IPPROTO_IPV6, Kernel.IPV6_V6ONLY, 0); }
        if (result.Ok && settings.Congestion is not null)
        {
            result = SocketCalls.SetCongestion(socket, settings.Congestion);
        }

        if (!result.Ok) { return result; }

        // The rest are wishes: a kernel without one of them still serves.
        if (settings.NoDelay) { SocketCalls.SetInt(socket, Kernel.IPPROTO_TCP, Kernel.TCP_NODELAY, 1); }
        if (settings.KeepAlive) { SocketCalls.SetInt(socket, Kernel.SOL_SOCKET, Kernel.SO_KEEPALIVE, 1); }
        SetIfPositive(socket, Kernel.TCP_KEEPIDLE, settings.KeepAliveIdleSeconds);
        SetIfPositive(socket, Kernel.TCP_KEEPINTVL, settings.KeepAliveIntervalSeconds);
        SetIfPositive(socket, Kernel.TCP_KEEPCNT, settings.KeepAliveProbes);
        SetIfPositive(socket, Kernel.TCP_FASTOPEN, settings.FastOpenQueue);
        return result;
    }

    private static void SetIfPositive(Fd socket, int name, int value)
    {
        if (value > 0) { SocketCalls.SetInt(socket, Kernel.IPPROTO_TCP, name, value); }
    }
}
