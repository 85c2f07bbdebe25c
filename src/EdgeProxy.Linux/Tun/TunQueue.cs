namespace EdgeProxy.Linux;

/// <summary>
/// One descriptor of a <see cref="TunDevice"/>. Called by its loop alone, when <see cref="Descriptor"/> is ready
/// (<see cref="SlowPoll"/>): one packet per <see cref="Read"/> until EAGAIN, one per <see cref="Write"/>. A packet has
/// <see cref="HeaderBytes"/> of <c>struct virtio_net_hdr</c> in front of it both ways, in the host's byte order.
/// </summary>
public sealed unsafe class TunQueue : IDisposable
{
    /// <summary>Of the virtio header: the short form, without a count of merged buffers.</summary>
    public const int HeaderBytes = 10;

    /// <summary>The longest a read can be: an IP packet's 65,535 and the header.</summary>
    public const int FrameBytesMax = HeaderBytes + 65_535;

    /// <summary>
    /// Pieces one write takes: what 64 KB make at the smallest MTU an IPv4 host must take (576), and more.
    /// </summary>
    public const int PiecesMax = 256;

    private readonly NativeBuffer _vectors = new(PiecesMax * sizeof(IoVector));
    private int _fd;

    internal TunQueue(Fd descriptor) => _fd = descriptor.Number;

    public Fd Descriptor => new(_fd);

    /// <summary>
    /// Takes the next packet: its length with the header; EAGAIN: there is none; EBADFD, EFAULT: the interface was
    /// deleted.
    /// </summary>
    public SysResult Read(NativeBuffer buffer, int offset, int length)
    {
        nint got;
        do { got = Libc.read(_fd, buffer.At(offset, length), (nuint)length); }
        while (got < 0 && Libc.LastError == Errno.EINTR);
        return Libc.Result(got);
    }

    /// <summary>
    /// Gives the kernel one packet whose pieces are joined in order, the first one beginning with the header. EIO: the
    /// interface is down; EINVAL: the header contradicts the packet; EAGAIN: no memory for it now.
    /// </summary>
    public SysResult Write(NativeBuffer buffer, ReadOnlySpan<BufferPiece> pieces)
    {
        var vectors = (IoVector*)_vectors.At(0, pieces.Length * sizeof(IoVector)); // Throws when there are too many.
        for (int i = 0; i < pieces.Length; i++)
        {
            vectors[i].Start = buffer.At(pieces[i].Offset, pieces[i].Length);
            vectors[i].Length = (nuint)pieces[i].Length;
        }

        nint written;
        do { written = Libc.writev(_fd, vectors, pieces.Length); }
        while (written < 0 && Libc.LastError == Errno.EINTR);
        return Libc.Result(written);
    }

    public void Dispose()
    {
        int fd = Interlocked.Exchange(ref _fd, -1);
        if (fd < 0) { return; }
        Libc.close(fd);
        _vectors.Dispose();
    }
}
