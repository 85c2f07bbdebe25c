namespace EdgeProxy.Linux;

/// <summary>What the two real engines share: the buffers and the calls that answer at once.</summary>
public abstract unsafe class HostIo : Io
{
    /// <summary>Buffers whose memory one trim gives back at most: about 0.1 ms of system calls.</summary>
    private protected const int TrimsMax = 128;

    private readonly IoSettings _settings;
    private readonly byte* _buffers;
    private readonly int[] _freeBuffers; // A stack: the hottest buffer is used again first.
    private int _freeCount;
    private int _freeLow;   // Fewest that were free since the last trim: those below were not needed.
    private int _trimmed;   // Of the free ones, from the bottom: without memory, or never touched.

    private protected HostIo(IoSettings settings)
    {
        _settings = settings;
        nuint bytes = (nuint)settings.BufferBytes * (nuint)settings.BuffersMax;
        _buffers = (byte*)Memory.Map(bytes);
        _freeBuffers = new int[settings.BuffersMax];
        for (int buffer = settings.BuffersMax - 1; buffer >= 0; buffer--) { _freeBuffers[_freeCount++] = buffer; }
        _freeLow = _trimmed = _freeCount;
    }

    public sealed override int BufferBytes => _settings.BufferBytes;

    public sealed override int BuffersMax => _settings.BuffersMax;

    public override int BuffersFree => _freeCount;

    public sealed override long ReadClockNs() => MonotonicClock.ReadNs();

    public sealed override Span<byte> Bytes(int buffer) => new(Address(buffer), _settings.BufferBytes);

    public sealed override bool TryRent(out int buffer)
    {
        if (_freeCount == 0)
        {
            buffer = -1;
            return false;
        }

        buffer = _freeBuffers[--_freeCount];
        _freeLow = Math.Min(_freeLow, _freeCount);
        return true;
    }

    public sealed override void Return(int buffer) => _freeBuffers[_freeCount++] = buffer;

    public override bool TrimBuffers()
    {
        _trimmed = Math.Min(_trimmed, _freeLow);
        int until = Math.Min(_freeLow, _trimmed + TrimsMax);
        while (_trimmed < until) { Trim(_freeBuffers[_trimmed++]); }
        _freeLow = _freeCount;
        return _trimmed < _freeCount;
    }

    /// <summary>Drops what a buffer nobody holds contains, and its memory.</summary>
    private protected void Trim(int buffer) => Memory.Release(Address(buffer), (nuint)_settings.BufferBytes);

    private protected byte* Address(int buffer) => _buffers + ((nint)buffer * _settings.BufferBytes);

    public override void Close(Fd socket) => Libc.close(socket.Number);

    public override void CloseWithReset(Fd socket)
    {
        ulong lingerZero = 1; // struct linger { int l_onoff = 1, l_linger = 0 }, little endian.
        Libc.setsockopt(socket.Number, Kernel.SOL_SOCKET, Kernel.SO_LINGER, &lingerZero, sizeof(ulong));
        Close(socket);
    }

    public sealed override SysResult ShutdownSend(Fd socket) =>
        Libc.Result(Libc.shutdown(socket.Number, Kernel.SHUT_WR));

    public sealed override SysResult Set(Fd socket, SocketOption option, int value)
    {
        (int level, int name) = option switch
        {
            SocketOption.NoDelay => (Kernel.IPPROTO_TCP, Kernel.TCP_NODELAY),
            SocketOption.KeepAlive => (Kernel.SOL_SOCKET, Kernel.SO_KEEPALIVE),
            SocketOption.KeepAliveIdleSeconds => (Kernel.IPPROTO_TCP, Kernel.TCP_KEEPIDLE),
            SocketOption.KeepAliveIntervalSeconds => (Kernel.IPPROTO_TCP, Kernel.TCP_KEEPINTVL),
            SocketOption.KeepAliveProbes => (Kernel.IPPROTO_TCP, Kernel.TCP_KEEPCNT),
            SocketOption.ReceiveLowWaterBytes => (Kernel.SOL_SOCKET, Kernel.SO_RCVLOWAT),
            SocketOption.FastOpenConnect => (Kernel.IPPROTO_TCP, Kernel.TCP_FASTOPEN_CONNECT),
            _ => throw new ArgumentOutOfRangeException(nameof(option)),
        };
        return Libc.Result(Libc.setsockopt(socket.Number, level, name, &value, sizeof(int)));
    }

    public sealed override SysResult SetCongestion(Fd socket, int algorithm) =>
        SocketCalls.SetCongestion(socket, _settings.CongestionAlgorithms[algorithm]);

    public sealed override SysResult PeerAddress(Fd socket, out SocketAddress address)
    {
        int length = sizeof(SocketAddress);
        fixed (SocketAddress* pointer = &address)
        {
            *pointer = default;
            return Libc.Result(Libc.getpeername(socket.Number, pointer, &length));
        }
    }

    public sealed override SysResult LocalAddress(Fd socket, out SocketAddress address) =>
        SocketCalls.LocalAddress(socket, out address);

    public sealed override SysResult UnsentBytes(Fd socket)
    {
        int bytes = 0;
        int returned = Libc.ioctl(socket.Number, Kernel.SIOCOUTQ, &bytes);
        return returned < 0 ? Libc.Result(returned) : new SysResult(bytes);
    }

    public sealed override SysResult OpenPipe(int capacityBytes, out Fd readEnd, out Fd writeEnd)
    {
        int* ends = stackalloc int[2];
        readEnd = writeEnd = Fd.None;
        int returned = Libc.pipe2(ends, Kernel.O_NONBLOCK | Kernel.O_CLOEXEC);
        if (returned < 0) { return Libc.Result(returned); }

        // Beyond pipe-user-pages-soft an unprivileged process gets EPERM here: a smaller pipe still saves the copies.
        Libc.fcntl(ends[1], Kernel.F_SETPIPE_SZ, capacityBytes);
        readEnd = new Fd(ends[0]);
        writeEnd = new Fd(ends[1]);
        return new SysResult(0);
    }

    public sealed override void ClosePipe(Fd pipe) => Libc.close(pipe.Number);

    /// <summary>One connection, or what stands in the way; a client that left while it waited is passed over.</summary>
    private protected static SysResult AcceptOnce(int listener, int flags)
    {
        int accepted;
        do { accepted = Libc.accept4(listener, null, null, flags); }
        while (accepted < 0 && Libc.LastError is Errno.EINTR or Errno.ECONNABORTED);
        return Libc.Result(accepted);
    }

    private protected static SysResult SpliceOnce(Fd source, Fd target, int count)
    {
        nint moved;
        do
        {
            moved = Libc.splice(
                source.Number, null, target.Number, null, (nuint)count, Kernel.SPLICE_F_MOVE | Kernel.SPLICE_F_NONBLOCK);
        }
        while (moved < 0 && Libc.LastError == Errno.EINTR);
        return Libc.Result(moved);
    }

    public override void Dispose()
    {
        Memory.Unmap(_buffers, (nuint)_settings.BufferBytes * (nuint)_settings.BuffersMax);
        GC.SuppressFinalize(this);
    }
}
