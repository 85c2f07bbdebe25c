using System.Buffers.Binary;

namespace EdgeProxy.DataPlane;

/// <summary>
/// How a frame read from the TUN (virtio header, then an IP packet of up to 64 KB) becomes wire packets. Called per
/// frame:
/// <see cref="TryMake"/>, then <see cref="Write"/> for each of <see cref="Count"/>, in any order to whatever place each
/// is wanted at: all but the last are <see cref="PacketBytes"/> long. Where the caller seals from one place to
/// another, <see cref="Arrange"/> spares the copy.
/// </summary>
/// <remarks>
/// The kernel's tcp_gso_segment, __udp_gso_segment and inet_gso_segment: IPv4 ids count up; FIN and PSH on the last
/// segment
/// only, CWR on the first; every checksum whole. A packet that is not cut is one segment, with its checksum completed.
/// </remarks>
internal readonly struct SegmentPlan
{
    private const int UdpHeaderBytes = 8;
    private const int UdpLengthAt = 4;
    private const int UdpChecksumAt = 6;

    private readonly PacketHeader _ip;
    private readonly VirtioHeader _virtio;
    private readonly int _ipHeaderBytes;  // With IPv6's extensions, when the packet is cut.
    private readonly int _payloadBytes;   // Of all segments.
    private readonly int _segmentBytes;   // Payload of each but the last.
    private readonly uint _sequence;      // TCP's, of the first.
    private readonly ushort _id;          // IPv4's, of the first.
    private readonly TcpFlags _flags;     // TCP's, of the whole.
    private readonly uint _ipSum;         // Of the IPv4 header without total length, id and checksum.
    private readonly uint _transportSum;  // Of the pseudo header and the header, without what changes.

    private SegmentPlan(in PacketHeader ip, in VirtioHeader virtio)
    {
        _ip = ip;
        _virtio = virtio;
        Count = 1;
        PacketBytes = ip.TotalBytes;
    }

    private SegmentPlan(ReadOnlySpan<byte> packet, in PacketHeader ip, in VirtioHeader virtio, int transportBytes)
        : this(ip, virtio)
    {
        _ipHeaderBytes = virtio.ChecksumStart;
        HeaderBytes = _ipHeaderBytes + transportBytes;
        _payloadBytes = ip.TotalBytes - HeaderBytes;
        _segmentBytes = virtio.SegmentBytes;
        Count = Math.Max(1, (_payloadBytes + _segmentBytes - 1) / _segmentBytes);
        PacketBytes = HeaderBytes + Math.Min(_segmentBytes, _payloadBytes);
        ReadOnlySpan<byte> transport = packet[_ipHeaderBytes..HeaderBytes];
        bool isTcp = virtio.Gso != VirtioGso.Udp;
        if (isTcp)
        {
            _sequence = BinaryPrimitives.ReadUInt32BigEndian(transport[TcpLayout.SequenceAt..]);
            _flags = (TcpFlags)transport[TcpLayout.FlagsAt];
            _transportSum = InternetChecksum.Add(0, transport[..TcpLayout.SequenceAt]); // The ports.
            _transportSum = InternetChecksum.Add(
                _transportSum, transport[TcpLayout.AcknowledgementAt..TcpLayout.OffsetAt]);
            _transportSum += (uint)transport[TcpLayout.OffsetAt] << 8;
            _transportSum = InternetChecksum.Add(_transportSum, transport[14..TcpLayout.ChecksumAt]); // The window.
            _transportSum = InternetChecksum.Add(_transportSum, transport[18..]); // Urgent pointer and options.
        }
        else
        {
            _transportSum = InternetChecksum.Add(0, transport[..UdpLengthAt]);
        }

        _transportSum += InternetChecksum.Pseudo(ip.Addresses(packet), isTcp ? PacketHeader.Tcp : PacketHeader.Udp, 0);
        if (ip.IsIPv6) { return; }
        _id = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        _ipSum = InternetChecksum.Add(InternetChecksum.Add(0, packet[..2]), packet[6..10]);
        _ipSum = InternetChecksum.Add(_ipSum, packet[12.._ipHeaderBytes]);
    }

    /// <summary>How many wire packets it becomes.</summary>
    public int Count { get; }

    /// <summary>Of each wire packet but the last.</summary>
    public int PacketBytes { get; }

    /// <summary>Of the last.</summary>
    public int LastPacketBytes =>
        Count == 1 ? PacketBytes : HeaderBytes + _payloadBytes - ((Count - 1) * _segmentBytes);

    /// <summary>The header of what was read, for routing it.</summary>
    public PacketHeader Ip => _ip;

    /// <summary>
    /// <see cref="Arrange"/> may be used: a header written over what is in front of a segment spoils the one before it
    /// alone.
    /// </summary>
    public bool CanBeArranged => Count == 1 || _segmentBytes >= HeaderBytes;

    private int HeaderBytes { get; }

    /// <param name="frame">What was read: <see cref="VirtioHeader.Bytes"/> of header, and the packet.</param>
    /// <param name="plan">How to cut it, when nothing is wrong.</param>
    public static FrameProblem TryMake(ReadOnlySpan<byte> frame, out SegmentPlan plan)
    {
        plan = default;
        if (frame.Length < VirtioHeader.Bytes) { return FrameProblem.NoPacket; }
        VirtioHeader virtio = VirtioHeader.Read(frame);
        ReadOnlySpan<byte> packet = frame[VirtioHeader.Bytes..];
        if (!PacketHeader.TryParse(packet, out PacketHeader ip)) { return FrameProblem.NoPacket; }
        if (virtio.Gso == VirtioGso.None)
        {
            bool inside = !virtio.NeedsChecksum || (virtio.ChecksumStart >= ip.HeaderBytes
                && virtio.ChecksumStart + virtio.ChecksumOffset + sizeof(ushort) <= ip.TotalBytes);
            plan = new SegmentPlan(ip, virtio);
            return inside ? FrameProblem.None : FrameProblem.BadOffsets;
        }

        FrameProblem problem = CheckCut(packet, ip, virtio, out int transportBytes);
        if (problem == FrameProblem.None) { plan = new SegmentPlan(packet, ip, virtio, transportBytes); }
        return problem;
    }

    /// <summary>Length of one of the wire packets.</summary>
    public int BytesOf(int index) => index == Count - 1 ? LastPacketBytes : PacketBytes;

    /// <summary>Writes a wire packet to the start of <paramref name="target"/>.</summary>
    /// <param name="frame">What the plan was made of, unchanged.</param>
    /// <param name="index">Below <see cref="Count"/>.</param>
    /// <param name="target">At least <see cref="BytesOf"/> long.</param>
    /// <returns>Its length.</returns>
    public int Write(ReadOnlySpan<byte> frame, int index, Span<byte> target)
    {
        ReadOnlySpan<byte> packet = frame[VirtioHeader.Bytes..];
        if (_segmentBytes == 0)
        {
            packet[.._ip.TotalBytes].CopyTo(target);
            CompleteChecksum(target[.._ip.TotalBytes]);
            return _ip.TotalBytes;
        }

        int bytes = BytesOf(index);
        packet[..HeaderBytes].CopyTo(target);
        uint sum = InternetChecksum.CopyAndAdd(
            0, packet.Slice(HeaderBytes + (index * _segmentBytes), bytes - HeaderBytes), target[HeaderBytes..bytes]);
        Finish(target[..bytes], index, sum);
        return bytes;
    }

    /// <summary>
    /// Makes a wire packet where its payload already stands, by writing its header in front, over the end of the one
    /// before:
    /// for callers who take them from the first to the last, each out of the frame before the next is asked for, and
    /// only
    /// when <see cref="CanBeArranged"/>.
    /// </summary>
    /// <returns>Where in the frame it begins; it is <see cref="BytesOf"/> long.</returns>
    public int Arrange(Span<byte> frame, int index)
    {
        Span<byte> packet = frame[VirtioHeader.Bytes..];
        if (_segmentBytes == 0)
        {
            CompleteChecksum(packet[.._ip.TotalBytes]);
            return VirtioHeader.Bytes;
        }

        int start = index * _segmentBytes;
        int bytes = BytesOf(index);
        if (index > 0) { packet[..HeaderBytes].CopyTo(packet[start..]); }
        uint sum = InternetChecksum.Add(0, packet.Slice(start + HeaderBytes, bytes - HeaderBytes));
        Finish(packet.Slice(start, bytes), index, sum);
        return VirtioHeader.Bytes + start;
    }

    private static FrameProblem CheckCut(
        ReadOnlySpan<byte> packet, in PacketHeader ip, in VirtioHeader virtio, out int transportBytes)
    {
        transportBytes = 0;
        int start = virtio.ChecksumStart;
        if (virtio.SegmentBytes == 0 || !virtio.NeedsChecksum || ip.IsFragment) { return FrameProblem.BadOffsets; }

        // IPv6 may have extensions in between, over which the kernel has looked; hdr_len is a hint that may be wrong.
        if (ip.IsIPv6 ? start < ip.HeaderBytes : start != ip.HeaderBytes) { return FrameProblem.BadOffsets; }
        int checksumAt;
        switch (virtio.Gso)
        {
            case VirtioGso.Tcp4 when !ip.IsIPv6:
            case VirtioGso.Tcp6 when ip.IsIPv6:
                if (start + TcpLayout.HeaderBytesMin > ip.TotalBytes) { return FrameProblem.BadOffsets; }
                transportBytes = TcpLayout.HeaderBytes(packet[start..]);
                checksumAt = TcpLayout.ChecksumAt;
                if (transportBytes < TcpLayout.HeaderBytesMin) { return FrameProblem.BadOffsets; }
                break;
            case VirtioGso.Udp:
                transportBytes = UdpHeaderBytes;
                checksumAt = UdpChecksumAt;
                break;
            default:
                return FrameProblem.UnknownGso;
        }

        return virtio.ChecksumOffset == checksumAt && start + transportBytes <= ip.TotalBytes
            ? FrameProblem.None
            : FrameProblem.BadOffsets;
    }

    /// <summary>Writes into a copy of the whole's header what differs in one segment.</summary>
    private void Finish(Span<byte> packet, int index, uint payloadSum)
    {
        if (_ip.IsIPv6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - PacketHeader.V6Bytes));
        }
        else
        {
            var id = (ushort)(_id + index);
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], id);
            BinaryPrimitives.WriteUInt16BigEndian(
                packet[10..], InternetChecksum.Finish(_ipSum + (uint)packet.Length + id));
        }

        Span<byte> transport = packet[_ipHeaderBytes..];
        uint sum = _transportSum + (uint)transport.Length + payloadSum;
        if (_virtio.Gso == VirtioGso.Udp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport[UdpLengthAt..], (ushort)transport.Length);
            WriteChecksum(transport[UdpChecksumAt..], sum + (uint)transport.Length);
            return;
        }

        uint sequence = _sequence + (uint)(index * _segmentBytes);
        TcpFlags flags = _flags;
        if (index < Count - 1) { flags &= ~(TcpFlags.Fin | TcpFlags.Psh); }
        if (index > 0) { flags &= ~TcpFlags.Cwr; }
        BinaryPrimitives.WriteUInt32BigEndian(transport[TcpLayout.SequenceAt..], sequence);
        transport[TcpLayout.FlagsAt] = (byte)flags;
        sum += (sequence >> 16) + (sequence & 0xFFFF) + (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(transport[TcpLayout.ChecksumAt..], InternetChecksum.Finish(sum));
    }

    private void CompleteChecksum(Span<byte> packet)
    {
        if (!_virtio.NeedsChecksum) { return; }
        Span<byte> covered = packet[_virtio.ChecksumStart..];
        // The pseudo header's sum is in it.
        WriteChecksum(covered[_virtio.ChecksumOffset..], InternetChecksum.Add(0, covered));
    }

    /// <summary>Of UDP, where 0 would say that there is none; to TCP both mean the same.</summary>
    private static void WriteChecksum(Span<byte> field, uint sum)
    {
        ushort checksum = InternetChecksum.Finish(sum);
        BinaryPrimitives.WriteUInt16BigEndian(field, checksum == 0 ? ushort.MaxValue : checksum);
    }
}
