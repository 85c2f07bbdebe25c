namespace EdgeProxy.Load;

/// <summary>
/// Sockets as the generator uses them: non-blocking, and every result a count or the negated errno.
/// </summary>
internal static unsafe class Net
{
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int EINPROGRESS = 115;

    private const int SOL_SOCKET = 1;
    private const int SO_REUSEADDR = 2;
    private const int SO_ERROR = 4;
    private const int SO_RCVBUF = 8;
    private const int SO_LINGER = 13;
    private const int IPPROTO_IP = 0;
    private const int IP_BIND_ADDRESS_NO_PORT = 24;
    private const int IPPROTO_TCP = 6;
    private const int TCP_NODELAY = 1;
    private const int TCP_CONGESTION = 13;
    private const int SOCK_STREAM = 1;
    private const int SOCK_NONBLOCK = 0x800;
    private const int SOCK_CLOEXEC = 0x80000;
    private const int MSG_TRUNC = 0x20;
    private const int MSG_NOSIGNAL = 0x4000;
    private const int SHUT_WR = 1;
    private const int Backlog = 65_535; // The kernel cuts it to net.core.somaxconn.

    /// <summary>Opens a listener whose accepted sockets inherit TCP_NODELAY and the congestion control.</summary>
    /// <exception cref="LoadException">The address cannot be had.</exception>
    public static int Listen(in SocketAddress address, string? congestion)
    {
        int fd = Open(address.Family);
        Set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
        Set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        SetCongestion(fd, congestion);
        SocketAddress local = address;
        if (Libc.bind(fd, &local, local.Length) < 0 || Libc.listen(fd, Backlog) < 0)
        {
            throw new LoadException($"cannot listen on {address}: errno {Libc.Errno}");
        }

        return fd;
    }

    /// <summary>A new stream socket.</summary>
    /// <exception cref="LoadException">The process is out of descriptors.</exception>
    public static int Open(ushort family)
    {
        int fd = Libc.socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        return fd >= 0 ? fd : throw new LoadException($"cannot open a socket: errno {Libc.Errno}");
    }

    /// <summary>The address a socket is bound to.</summary>
    public static SocketAddress Local(int fd)
    {
        SocketAddress address = default;
        uint length = (uint)sizeof(SocketAddress);
        _ = Libc.getsockname(fd, &address, &length);
        return address;
    }

    /// <summary>Chooses the source address and leaves the port to connect(2), so that ports are shared by targets.</summary>
    public static void BindSource(int fd, in SocketAddress source)
    {
        Set(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        SocketAddress local = source;
        if (Libc.bind(fd, &local, local.Length) < 0)
        {
            throw new LoadException($"cannot bind to {source}: errno {Libc.Errno}");
        }
    }

    /// <summary>0, or -EINPROGRESS, or the negated reason it failed at once.</summary>
    public static int Connect(int fd, in SocketAddress target)
    {
        SocketAddress address = target;
        return Libc.connect(fd, &address, address.Length) < 0 ? -Libc.Errno : 0;
    }

    /// <summary>The pending error of a socket, as errno; 0 for none.</summary>
    public static int Error(int fd)
    {
        int error = 0;
        uint length = sizeof(int);
        _ = Libc.getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
        return error;
    }

    public static int Accept(int listener)
    {
        int fd = Libc.accept4(listener, null, null, SOCK_NONBLOCK | SOCK_CLOEXEC);
        return fd >= 0 ? fd : -Libc.Errno;
    }

    public static int Receive(int fd, byte* buffer, int count)
    {
        nint got = Libc.recv(fd, buffer, (nuint)count, 0);
        return got >= 0 ? (int)got : -Libc.Errno;
    }

    /// <summary>Takes bytes off a TCP socket without copying them (MSG_TRUNC, tcp(7)): the cheapest way to read.</summary>
    public static int Discard(int fd, int count)
    {
        nint got = Libc.recv(fd, null, (nuint)count, MSG_TRUNC);
        return got >= 0 ? (int)got : -Libc.Errno;
    }

    public static int Send(int fd, byte* buffer, int count)
    {
        nint sent = Libc.send(fd, buffer, (nuint)count, MSG_NOSIGNAL);
        return sent >= 0 ? (int)sent : -Libc.Errno;
    }

    public static void Finish(int fd) => _ = Libc.shutdown(fd, SHUT_WR);

    public static void Close(int fd) => _ = Libc.close(fd);

    /// <summary>Closes with a RST (SO_LINGER of zero, socket(7)).</summary>
    public static void Reset(int fd)
    {
        int* linger = stackalloc int[2];
        linger[0] = 1;
        linger[1] = 0;
        _ = Libc.setsockopt(fd, SOL_SOCKET, SO_LINGER, linger, 2 * sizeof(int));
        Close(fd);
    }

    public static void SetNoDelay(int fd) => Set(fd, IPPROTO_TCP, TCP_NODELAY, 1);

    public static void SetReceiveBuffer(int fd, int bytes) => Set(fd, SOL_SOCKET, SO_RCVBUF, bytes);

    /// <summary>Sets the congestion control by name; null leaves the system's.</summary>
    /// <exception cref="LoadException">The kernel does not have it.</exception>
    public static void SetCongestion(int fd, string? algorithm)
    {
        if (algorithm is null)
        {
            return;
        }

        Span<byte> name = stackalloc byte[16];
        int length = System.Text.Encoding.ASCII.GetBytes(algorithm, name);
        fixed (byte* pointer = name)
        {
            if (Libc.setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, pointer, (uint)length) < 0)
            {
                throw new LoadException($"no congestion control '{algorithm}': errno {Libc.Errno}");
            }
        }
    }

    private static void Set(int fd, int level, int option, int value) =>
        _ = Libc.setsockopt(fd, level, option, &value, sizeof(int));
}
