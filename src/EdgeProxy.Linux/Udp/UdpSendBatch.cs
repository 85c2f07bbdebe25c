namespace EdgeProxy.Linux;

/// <summary>
/// Messages for one call of <see cref="UdpSocket.Send"/>, and the kernel's structures about them, made once. Called by
/// one loop: <see cref="TryAdd"/> until it says no or there is nothing more, then Send until it does not answer EAGAIN;
/// the buffers named in it must stay as they are until then. <see cref="Clear"/> drops what is left.
/// </summary>
public sealed unsafe class UdpSendBatch : IDisposable
{
    /// <summary>
    /// Of one message: UDP_MAX_SEGMENTS of kernels before 6.9, which 64 KB of full packets do not reach.
    /// </summary>
    public const int SegmentsMax = 64;

    /// <summary>Of one message: an IPv4 packet's 65,535 less its headers.</summary>
    public const int MessageBytesMax = 65_507;

    // IPV6_PKTINFO (40), the traffic class (24), UDP_SEGMENT (24).
    private const int ControlBytes = 96;
    private readonly NativeBuffer _headers;
    private readonly NativeBuffer _vectors;
    private readonly NativeBuffer _names;
    private readonly NativeBuffer _controls;
    private readonly int[] _tags;
    private readonly ushort[] _segments; // Size of each in a message; 0 when it is a single datagram.
    private readonly UdpFailure[] _failures;
    private readonly UdpSocket _socket;
    private int _sent;

    /// <param name="socket">What it is for: without UDP_SEGMENT there each datagram is a message.</param>
    /// <param name="messagesMax">
    /// At least <see cref="SegmentsMax"/>, so that whatever one message may hold has room.
    /// </param>
    public UdpSendBatch(UdpSocket socket, int messagesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(messagesMax, SegmentsMax);
        _socket = socket;
        Capacity = messagesMax;
        _headers = new NativeBuffer(messagesMax * sizeof(MessageHeader));
        _vectors = new NativeBuffer(messagesMax * sizeof(IoVector));
        _names = new NativeBuffer(messagesMax * sizeof(SocketAddress));
        _controls = new NativeBuffer(messagesMax * ControlBytes);
        _tags = new int[messagesMax];
        _segments = new ushort[messagesMax];
        _failures = new UdpFailure[messagesMax];
    }

    internal int Capacity { get; }

    /// <summary>Messages added and not yet sent.</summary>
    public int Left => Added - _sent;

    /// <summary>Messages of which some or all did not leave, since the batch was last empty.</summary>
    public ReadOnlySpan<UdpFailure> Failures => _failures.AsSpan(0, FailureCount);

    internal int FailureCount { get; private set; }

    private int Added { get; set; }

    /// <summary>
    /// Adds datagrams to one destination that stand back to back, each <paramref name="segmentBytes"/> long save the
    /// last,
    /// which may be shorter; as many messages as the kernel's limits ask for.
    /// </summary>
    /// <param name="buffer">Holds them.</param>
    /// <param name="piece">Where, all together.</param>
    /// <param name="segmentBytes">The piece's length when it is one datagram.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="source">Our address to send from, its port ignored; default leaves it to the kernel.</param>
    /// <param name="trafficClass">DSCP and ECN of the outer packet.</param>
    /// <param name="tag">Stands in the failure, if it becomes one: a peer's number.</param>
    /// <returns>False: no room for all of it, and nothing was added; send first.</returns>
    public bool TryAdd(
        NativeBuffer buffer, BufferPiece piece, int segmentBytes, in SocketAddress destination, in SocketAddress source,
        byte trafficClass, int tag)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(segmentBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(segmentBytes, MessageBytesMax);
        byte* from = buffer.At(piece.Offset, piece.Length);
        int segmentsMax = _socket.SegmentsOnSend ? Math.Min(SegmentsMax, MessageBytesMax / segmentBytes) : 1;
        int messageBytes = segmentsMax * segmentBytes;
        int messages = (piece.Length + messageBytes - 1) / messageBytes;
        if (_sent == Added) { Clear(); }
        if (messages > Capacity - Added) { return false; }
        for (int at = 0; at < piece.Length; at += messageBytes)
        {
            int length = Math.Min(messageBytes, piece.Length - at);
            int each = length > segmentBytes ? segmentBytes : 0;
            Add(from + at, length, (ushort)each, destination, source, trafficClass);
            _tags[Added++] = tag;
        }

        return true;
    }

    /// <summary>Forgets everything, sent or not.</summary>
    public void Clear()
    {
        Added = 0;
        _sent = 0;
        FailureCount = 0;
    }

    /// <summary>The first message not yet sent.</summary>
    internal MessageHeader* Next => HeaderAt(_sent);

    internal ushort NextSegmentBytes => _segments[_sent];

    internal void Sent(int messages) => _sent += messages;

    internal void Failed(Errno error)
    {
        _failures[FailureCount++] = new UdpFailure(_tags[_sent], error);
        _sent++;
    }

    public void Dispose()
    {
        _headers.Dispose();
        _vectors.Dispose();
        _names.Dispose();
        _controls.Dispose();
    }

    private void Add(
        byte* from, int length, ushort segmentBytes, in SocketAddress destination, in SocketAddress source,
        byte trafficClass)
    {
        MessageHeader* header = HeaderAt(Added);
        IoVector* vector = (IoVector*)_vectors.At(0, _vectors.Length) + Added;
        vector->Start = from;
        vector->Length = (nuint)length;
        header->Pieces = vector;
        header->PieceCount = 1;
        header->Name = (SocketAddress*)_names.At(0, _names.Length) + Added;
        *header->Name = destination.IsIPv4 // An IPv4 socket takes no mapped form, and this one takes both.
            ? SocketAddress.From(0, destination.Low, destination.Port)
            : destination;
        header->NameLength = header->Name->Length;
        header->Control = _controls.At(Added * ControlBytes, ControlBytes);
        byte* end = header->Control;
        if (source.Family != 0) { AppendSource(ref end, source); }
        if (trafficClass != 0)
        {
            (int level, int type) = destination.IsIPv4
                ? (Kernel.IPPROTO_IP, Kernel.IP_TOS)
                : (Kernel.IPPROTO_IPV6, Kernel.IPV6_TCLASS);
            *(int*)ControlMessage.Append(ref end, level, type, sizeof(int)) = trafficClass;
        }

        // The last, so that a message without it is the same message cut shorter.
        if (segmentBytes != 0)
        {
            byte* size = ControlMessage.Append(ref end, Kernel.IPPROTO_UDP, Kernel.UDP_SEGMENT, sizeof(ushort));
            *(ushort*)size = segmentBytes;
        }

        header->ControlLength = (nuint)(end - header->Control);
        _segments[Added] = segmentBytes;
    }

    /// <summary>The interface is left to the routing table, so that an answer follows a route that has moved.</summary>
    private static void AppendSource(ref byte* end, in SocketAddress source)
    {
        if (source.IsIPv4)
        {
            byte* info = ControlMessage.Append(ref end, Kernel.IPPROTO_IP, Kernel.IP_PKTINFO, 12); // struct in_pktinfo
            *(ulong*)info = (ulong)source.IPv4NetworkOrder << 32; // ipi_ifindex, ipi_spec_dst: the one that is read.
            *(uint*)(info + 8) = 0;
        }
        else
        {
            // struct in6_pktinfo
            byte* info = ControlMessage.Append(ref end, Kernel.IPPROTO_IPV6, Kernel.IPV6_PKTINFO, 20);
            *(ulong*)info = source.AddressV6HighNetworkOrder;
            *(ulong*)(info + 8) = source.AddressV6LowNetworkOrder;
            *(uint*)(info + 16) = 0;
        }
    }

    private MessageHeader* HeaderAt(int index) => (MessageHeader*)_headers.At(0, _headers.Length) + index;
}
