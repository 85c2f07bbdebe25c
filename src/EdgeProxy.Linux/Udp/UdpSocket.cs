namespace EdgeProxy.Linux;

/// <summary>
/// A UDP socket for both families: IPv6 taking IPv4 as well, or IPv4 alone where the host has no IPv6. One socket and
/// not two (docs/decisions/0086-one-udp-socket.md). Called from the slow side to open and to dispose, by one loop to
/// receive and by one to send; neither call waits (<see cref="SlowPoll"/> does). ICMP errors are left to routing:
/// IP_RECVERR is off, so
/// none is ever reported on an unconnected socket. Datagrams may be fragmented (no DF), as the kernel's WireGuard has
/// it.
/// </summary>
public sealed unsafe class UdpSocket : IDisposable
{
    private int _fd;

    private UdpSocket(Fd descriptor, bool isDualStack)
    {
        _fd = descriptor.Number;
        IsDualStack = isDualStack;
    }

    public Fd Descriptor => new(_fd);

    /// <summary>False: the host has no IPv6, and sending to an IPv6 address fails.</summary>
    internal bool IsDualStack { get; }

    /// <summary>The port it got.</summary>
    public ushort Port { get; private set; }

    /// <summary>
    /// Datagrams leave many at a time (UDP_SEGMENT); false once a device refused it for want of checksums.
    /// </summary>
    internal bool SegmentsOnSend { get; private set; }

    /// <summary>Datagrams arrive many at a time (UDP_GRO).</summary>
    internal bool CoalescesOnReceive { get; private set; }

    /// <summary>What the kernel granted: twice what it counts as data (socket(7)).</summary>
    internal int ReceiveBufferBytes => GetInt(Kernel.SO_RCVBUF);

    /// <summary>What the kernel granted: twice what it counts as data (socket(7)).</summary>
    internal int SendBufferBytes => GetInt(Kernel.SO_SNDBUF);

    /// <summary>
    /// Opens and binds to every address. EADDRINUSE: the port is taken; EACCES: a port under 1024 without the right;
    /// EPERM: a mark without CAP_NET_ADMIN.
    /// </summary>
    public static SysResult Open(UdpSettings settings, out UdpSocket? socket)
    {
        socket = null;
        const int Type = Kernel.SOCK_DGRAM | Kernel.SOCK_CLOEXEC | Kernel.SOCK_NONBLOCK;
        SysResult opened = Libc.Result(Libc.socket(Kernel.AF_INET6, Type, Kernel.IPPROTO_UDP));
        bool dualStack = opened.Ok;
        if (opened.Error == Errno.EAFNOSUPPORT)
        {
            opened = Libc.Result(Libc.socket(Kernel.AF_INET, Type, Kernel.IPPROTO_UDP));
        }

        if (!opened.Ok) { return opened; }
        UdpSocket made = new(new Fd(opened.Value), dualStack);
        SysResult result = made.Prepare(settings);
        if (result.Ok) { result = made.Bind(settings.Port); }
        if (!result.Ok)
        {
            made.Dispose();
            return result;
        }

        socket = made;
        return new SysResult(0);
    }

    /// <summary>Fills a batch with what is there: how many messages; EAGAIN when there is none.</summary>
    public SysResult Receive(UdpReceiveBatch batch)
    {
        SysResult result;
        do
        {
            MessageHeader* headers = batch.Prepare();
            result = Libc.Result(Libc.recvmmsg(_fd, headers, (uint)batch.Capacity, Kernel.MSG_DONTWAIT, null));
        }
        while (result.Error == Errno.EINTR);
        batch.Received(Math.Max(result.Value, 0));
        return result;
    }

    /// <summary>
    /// Sends what is left of a batch. EAGAIN: the socket's buffer is full; wait for it and call again, or drop the
    /// rest.
    /// Otherwise everything left, or is among the batch's failures.
    /// </summary>
    public SysResult Send(UdpSendBatch batch)
    {
        while (batch.Left > 0)
        {
            SysResult sent = Libc.Result(Libc.sendmmsg(_fd, batch.Next, (uint)batch.Left, Kernel.MSG_DONTWAIT));
            if (sent.Ok)
            {
                batch.Sent(sent.Value);
                continue;
            }

            if (sent.Error == Errno.EAGAIN) { return sent; }
            if (sent.Error == Errno.EINTR) { continue; }
            if (batch.NextSegmentBytes != 0 && MayPassUnsegmented(sent.Error))
            {
                sent = SendSingly(batch.Next, batch.NextSegmentBytes);
            }

            if (sent.Ok) { batch.Sent(1); }
            else { batch.Failed(sent.Error); }
        }

        return new SysResult(0);
    }

    public void Dispose()
    {
        int fd = Interlocked.Exchange(ref _fd, -1);
        if (fd >= 0) { Libc.close(fd); }
    }

    /// <summary>
    /// EIO: the device does not compute checksums (udp_send_skb), and will not for the next one either. EMSGSIZE,
    /// EINVAL:
    /// a segment is larger than the path's MTU, which a single datagram may be, since it is fragmented.
    /// </summary>
    private bool MayPassUnsegmented(Errno error)
    {
        if (error == Errno.EIO) { SegmentsOnSend = false; }
        return error is Errno.EIO or Errno.EINVAL or Errno.EMSGSIZE or Errno.EOPNOTSUPP;
    }

    /// <summary>
    /// Sends a message's datagrams one by one. A full buffer loses the rest: by then something has left, and UDP may
    /// lose.
    /// </summary>
    private SysResult SendSingly(MessageHeader* message, int segmentBytes)
    {
        MessageHeader single = *message;
        IoVector piece = *message->Pieces;
        byte* end = piece.Start + piece.Length;
        single.Pieces = &piece;
        single.ControlLength -= (nuint)ControlMessage.Space(sizeof(ushort)); // UDP_SEGMENT stands last.
        while (piece.Start < end)
        {
            piece.Length = (nuint)Math.Min(segmentBytes, end - piece.Start);
            SysResult sent;
            do { sent = Libc.Result(Libc.sendmsg(_fd, &single, Kernel.MSG_DONTWAIT)); }
            while (sent.Error == Errno.EINTR);
            if (!sent.Ok) { return sent.Error == Errno.EAGAIN ? SysResult.Failed(Errno.ENOBUFS) : sent; }
            piece.Start += segmentBytes;
        }

        return new SysResult(0);
    }

    private SysResult Prepare(UdpSettings settings)
    {
        SysResult result = new(0);
        if (settings.ReusePort) { result = Set(Kernel.SOL_SOCKET, Kernel.SO_REUSEPORT, 1); }
        if (result.Ok && IsDualStack) { result = Set(Kernel.IPPROTO_IPV6, Kernel.IPV6_V6ONLY, 0); }
        if (result.Ok && settings.Mark != 0) { result = Set(Kernel.SOL_SOCKET, Kernel.SO_MARK, (int)settings.Mark); }
        if (!result.Ok) { return result; }

        // The rest are wishes: a kernel without one of them still carries packets.
        Widen(Kernel.SO_RCVBUFFORCE, Kernel.SO_RCVBUF, settings.BufferBytes);
        Widen(Kernel.SO_SNDBUFFORCE, Kernel.SO_SNDBUF, settings.BufferBytes);
        Set(Kernel.IPPROTO_IP, Kernel.IP_RECVTOS, 1);
        Set(Kernel.IPPROTO_IP, Kernel.IP_MTU_DISCOVER, Kernel.IP_PMTUDISC_DONT);
        if (IsDualStack)
        {
            Set(Kernel.IPPROTO_IPV6, Kernel.IPV6_RECVPKTINFO, 1); // Tells of IPv4 packets as well, as ::ffff:a.b.c.d.
            Set(Kernel.IPPROTO_IPV6, Kernel.IPV6_RECVTCLASS, 1);
            Set(Kernel.IPPROTO_IPV6, Kernel.IPV6_MTU_DISCOVER, Kernel.IP_PMTUDISC_DONT);
        }
        else
        {
            Set(Kernel.IPPROTO_IP, Kernel.IP_PKTINFO, 1);
        }

        SegmentsOnSend = settings.Offloads && Set(Kernel.IPPROTO_UDP, Kernel.UDP_SEGMENT, 0).Ok;
        CoalescesOnReceive = settings.Offloads && Set(Kernel.IPPROTO_UDP, Kernel.UDP_GRO, 1).Ok;
        return result;
    }

    private SysResult Bind(ushort port)
    {
        SocketAddress address = SocketAddress.From(0, IsDualStack ? 0 : 0x0000_FFFF_0000_0000UL, port);
        SysResult result = Libc.Result(Libc.bind(_fd, &address, address.Length));
        if (!result.Ok) { return result; }
        result = SocketCalls.LocalAddress(Descriptor, out address);
        Port = address.Port;
        return result;
    }

    private SysResult Set(int level, int name, int value) => SocketCalls.SetInt(Descriptor, level, name, value);

    private void Widen(int forced, int wished, int bytes)
    {
        if (!Set(Kernel.SOL_SOCKET, forced, bytes).Ok) { Set(Kernel.SOL_SOCKET, wished, bytes); }
    }

    private int GetInt(int name)
    {
        int value = 0;
        int length = sizeof(int);
        Libc.getsockopt(_fd, Kernel.SOL_SOCKET, name, &value, &length);
        return value;
    }
}
