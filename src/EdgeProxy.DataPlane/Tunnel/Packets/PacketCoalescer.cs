using System.Buffers.Binary;
using EdgeProxy.Linux;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Joins packets of a TCP flow that follow each other into frames of up to 64 KB, without moving a byte: the payloads
/// are
/// named where they stand. Called by one loop, for the packets of one buffer: <see cref="Clear"/>, <see cref="TryAdd"/>
/// for
/// each in the order they came, then <see cref="Take"/> for each of <see cref="Count"/>, whose pieces go to the TUN in
/// one
/// write. Frames are in the order of their first packets; inside a flow no packet overtakes another.
/// </summary>
/// <remarks>
/// The rules are those of the kernel's GRO (tcp_gro_receive, inet_gro_receive): the same headers but for lengths, ids,
/// sequence and
/// checksum; plain data (ACK, with PSH only on the last); the same length but for a shorter last one. Checksums are
/// verified
/// before, since afterwards the kernel is told that none is needed. A flow's packet that cannot be joined ends its
/// frame.
/// </remarks>
internal sealed class PacketCoalescer
{
    /// <summary>Flows that can be joined at once; the one that waited longest makes room.</summary>
    private const int FlowsMax = 16;

    private const int FrameBytesMax = ushort.MaxValue;
    private const int V4DontFragment = 0x40;
    private readonly CoalescedFrame[] _frames;
    private readonly BufferPiece[] _pieces; // Payloads behind the first packets.
    private readonly int[] _next;           // The piece that follows one, or -1.
    private readonly BufferPiece[] _taken = new BufferPiece[TunQueue.PiecesMax];
    private readonly int[] _flows = new int[FlowsMax]; // Frames that may still grow, the latest used first.
    private int _flowCount;
    private int _pieceCount;

    /// <param name="packetsMax">How many packets a buffer holds at most.</param>
    public PacketCoalescer(int packetsMax)
    {
        _frames = new CoalescedFrame[packetsMax];
        _pieces = new BufferPiece[packetsMax];
        _next = new int[packetsMax];
    }

    /// <summary>How many frames there are.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets all frames.</summary>
    public void Clear()
    {
        Count = 0;
        _flowCount = 0;
        _pieceCount = 0;
    }

    /// <summary>Takes the next packet.</summary>
    /// <param name="buffer">Where all of them stand.</param>
    /// <param name="offset">Of the packet; <see cref="VirtioHeader.Bytes"/> in front of it are overwritten.</param>
    /// <param name="header">Its header, which has been checked; what stands behind its TotalBytes is left out.</param>
    /// <returns>False: there is no room for another packet.</returns>
    public bool TryAdd(Span<byte> buffer, int offset, in PacketHeader header)
    {
        if (Count == _frames.Length) { return false; }
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, VirtioHeader.Bytes);
        ReadOnlySpan<byte> packet = buffer.Slice(offset, header.TotalBytes);
        if (!IsTcp(packet, header))
        {
            Start(offset, header);
            return true;
        }

        int place = FindFlow(buffer, packet, header);
        bool isData = IsData(packet, header, out int headerBytes);
        if (place >= 0)
        {
            ref CoalescedFrame frame = ref _frames[_flows[place]];
            if (isData && Follows(buffer, frame, packet, header, headerBytes) && IsIntact(packet, header))
            {
                Append(ref frame, packet, offset, headerBytes);
                bool isLast = frame.HasPush || packet.Length - headerBytes < frame.SegmentBytes;
                if (isLast) { Close(place); }
                else { ToFront(place); }
                return true;
            }

            Close(place);
        }

        Start(offset, header);
        if (isData && IsIntact(packet, header)) { Open(packet, header, headerBytes); }
        return true;
    }

    /// <summary>Writes a frame's headers and names its pieces, the first beginning with the virtio header.</summary>
    public ReadOnlySpan<BufferPiece> Take(Span<byte> buffer, int index)
    {
        ref CoalescedFrame frame = ref _frames[index];
        Span<byte> first = buffer.Slice(frame.Offset - VirtioHeader.Bytes, VirtioHeader.Bytes + frame.Length);
        WriteHeaders(first, frame);
        _taken[0] = new BufferPiece(frame.Offset - VirtioHeader.Bytes, first.Length);
        int count = 1;
        for (int piece = frame.FirstPiece; piece >= 0; piece = _next[piece]) { _taken[count++] = _pieces[piece]; }
        return _taken.AsSpan(0, count);
    }

    private static bool IsTcp(ReadOnlySpan<byte> packet, in PacketHeader header) =>
        header.Protocol == PacketHeader.Tcp && !header.IsFragment
        && packet.Length >= header.HeaderBytes + TcpLayout.HeaderBytesMin;

    /// <summary>Nothing but data: no option in the IP header, ACK and perhaps PSH or ECE, and a payload.</summary>
    private static bool IsData(ReadOnlySpan<byte> packet, in PacketHeader header, out int headerBytes)
    {
        ReadOnlySpan<byte> tcp = packet[header.HeaderBytes..];
        int tcpBytes = TcpLayout.HeaderBytes(tcp);
        headerBytes = header.HeaderBytes + tcpBytes;
        var flags = (TcpFlags)tcp[TcpLayout.FlagsAt];
        return (flags & ~(TcpFlags.Psh | TcpFlags.Ece)) == TcpFlags.Ack
            && header.HeaderBytes == (header.IsIPv6 ? PacketHeader.V6Bytes : PacketHeader.V4Bytes)
            && tcpBytes >= TcpLayout.HeaderBytesMin && headerBytes < packet.Length;
    }

    private static bool IsIntact(ReadOnlySpan<byte> packet, in PacketHeader header)
    {
        uint ip = header.IsIPv6 ? ushort.MaxValue : InternetChecksum.Add(0, packet[..PacketHeader.V4Bytes]);
        if (InternetChecksum.Finish(ip) != 0) { return false; } // IPv6 has none.
        ReadOnlySpan<byte> tcp = packet[header.HeaderBytes..];
        uint pseudo = InternetChecksum.Pseudo(header.Addresses(packet), PacketHeader.Tcp, tcp.Length);
        return InternetChecksum.Finish(InternetChecksum.Add(pseudo, tcp)) == 0;
    }

    private int FindFlow(ReadOnlySpan<byte> buffer, ReadOnlySpan<byte> packet, in PacketHeader header)
    {
        ReadOnlySpan<byte> addresses = header.Addresses(packet), ports = packet.Slice(header.HeaderBytes, 4);
        for (int place = 0; place < _flowCount; place++)
        {
            ref CoalescedFrame frame = ref _frames[_flows[place]];
            ReadOnlySpan<byte> first = buffer.Slice(frame.Offset, frame.Length);
            if (frame.IsIPv6 == header.IsIPv6 && ports.SequenceEqual(first.Slice(frame.IpHeaderBytes, 4))
                && addresses.SequenceEqual(header.Addresses(first)))
            {
                return place;
            }
        }

        return -1;
    }

    private static bool Follows(
        ReadOnlySpan<byte> buffer, in CoalescedFrame frame, ReadOnlySpan<byte> packet, in PacketHeader header,
        int headerBytes)
    {
        ReadOnlySpan<byte> first = buffer.Slice(frame.Offset, frame.HeaderBytes);
        int payloadBytes = packet.Length - headerBytes;
        if (headerBytes != frame.HeaderBytes || payloadBytes > frame.SegmentBytes
            || frame.TotalBytes + payloadBytes > FrameBytesMax || frame.Count == TunQueue.PiecesMax)
        {
            return false;
        }

        ReadOnlySpan<byte> tcp = packet[header.HeaderBytes..headerBytes], firstTcp = first[header.HeaderBytes..];
        return AreAlike(first, packet, header.IsIPv6, frame.Count)
            && BinaryPrimitives.ReadUInt32BigEndian(tcp[TcpLayout.SequenceAt..]) == frame.NextSequence
            && tcp[TcpLayout.AcknowledgementAt..TcpLayout.FlagsAt].SequenceEqual(
                firstTcp[TcpLayout.AcknowledgementAt..TcpLayout.FlagsAt])
            && ((tcp[TcpLayout.FlagsAt] ^ firstTcp[TcpLayout.FlagsAt]) & ~(int)TcpFlags.Psh) == 0
            && tcp[14..TcpLayout.ChecksumAt].SequenceEqual(firstTcp[14..TcpLayout.ChecksumAt]) // The window.
            && tcp[18..].SequenceEqual(firstTcp[18..]); // Urgent pointer and options.
    }

    /// <summary>
    /// IP headers that mean the same. Ids count up when the frame is cut again; where DF is set they mean nothing (RFC
    /// 6864 §4.1).
    /// </summary>
    private static bool AreAlike(ReadOnlySpan<byte> first, ReadOnlySpan<byte> packet, bool isIPv6, int count)
    {
        if (isIPv6)
        {
            return packet[..4].SequenceEqual(first[..4]) && packet[7] == first[7]; // Class and label; hop limit.
        }

        var id = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(first[4..]) + count);
        return packet[1] == first[1] && packet[8] == first[8] // Type of service, time to live.
            && packet[6..8].SequenceEqual(first[6..8])
            && ((packet[6] & V4DontFragment) != 0 || BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) == id);
    }

    private void Start(int offset, in PacketHeader header) => _frames[Count++] = new CoalescedFrame
    {
        Offset = offset,
        Length = header.TotalBytes,
        IpHeaderBytes = header.HeaderBytes,
        TotalBytes = header.TotalBytes,
        IsIPv6 = header.IsIPv6,
        Count = 1,
        FirstPiece = -1,
        LastPiece = -1,
    };

    /// <summary>Lets the latest frame, whose checksum is right, be joined by others.</summary>
    private void Open(ReadOnlySpan<byte> packet, in PacketHeader header, int headerBytes)
    {
        ReadOnlySpan<byte> tcp = packet[header.HeaderBytes..];
        ref CoalescedFrame frame = ref _frames[Count - 1];
        frame.HeaderBytes = (ushort)headerBytes;
        frame.SegmentBytes = (ushort)(packet.Length - headerBytes);
        frame.NextSequence = BinaryPrimitives.ReadUInt32BigEndian(tcp[TcpLayout.SequenceAt..]) + frame.SegmentBytes;
        frame.HasPush = ((TcpFlags)tcp[TcpLayout.FlagsAt] & TcpFlags.Psh) != 0;
        if (frame.HasPush) { return; }
        if (_flowCount == FlowsMax) { _flowCount--; }
        _flows[_flowCount++] = Count - 1;
        ToFront(_flowCount - 1);
    }

    private void Append(ref CoalescedFrame frame, ReadOnlySpan<byte> packet, int offset, int headerBytes)
    {
        int payloadBytes = packet.Length - headerBytes;
        int piece = _pieceCount++;
        _pieces[piece] = new BufferPiece(offset + headerBytes, payloadBytes);
        _next[piece] = -1;
        if (frame.LastPiece >= 0) { _next[frame.LastPiece] = piece; }
        else { frame.FirstPiece = piece; }
        frame.LastPiece = piece;
        frame.Count++;
        frame.TotalBytes += payloadBytes;
        frame.NextSequence += (uint)payloadBytes;
        frame.HasPush = ((TcpFlags)packet[frame.IpHeaderBytes + TcpLayout.FlagsAt] & TcpFlags.Psh) != 0;
    }

    private void ToFront(int place)
    {
        int frame = _flows[place];
        for (; place > 0; place--) { _flows[place] = _flows[place - 1]; }
        _flows[0] = frame;
    }

    private void Close(int place)
    {
        _flowCount--;
        for (; place < _flowCount; place++) { _flows[place] = _flows[place + 1]; }
    }

    private static void WriteHeaders(Span<byte> first, in CoalescedFrame frame)
    {
        if (frame.HeaderBytes == 0) // Not looked at, or with a checksum that is the kernel's to refuse.
        {
            first[..VirtioHeader.Bytes].Clear();
            return;
        }

        VirtioGso cut = frame.IsIPv6 ? VirtioGso.Tcp6 : VirtioGso.Tcp4;
        VirtioHeader header = frame.Count == 1
            ? new VirtioHeader(true, VirtioGso.None, false, 0, 0, frame.IpHeaderBytes, TcpLayout.ChecksumAt)
            : new VirtioHeader(
                true, cut, false, frame.HeaderBytes, frame.SegmentBytes, frame.IpHeaderBytes, TcpLayout.ChecksumAt);
        header.Write(first);
        Span<byte> packet = first[VirtioHeader.Bytes..];
        Span<byte> tcp = packet[frame.IpHeaderBytes..];
        if (frame.IsIPv6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(frame.TotalBytes - PacketHeader.V6Bytes));
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)frame.TotalBytes);
            packet[10..12].Clear();
            BinaryPrimitives.WriteUInt16BigEndian(
                packet[10..], InternetChecksum.Finish(InternetChecksum.Add(0, packet[..PacketHeader.V4Bytes])));
        }

        if (frame.HasPush) { tcp[TcpLayout.FlagsAt] |= (byte)TcpFlags.Psh; }
        ReadOnlySpan<byte> addresses = frame.IsIPv6 ? packet[8..40] : packet[12..20];
        uint pseudo = InternetChecksum.Pseudo(addresses, PacketHeader.Tcp, frame.TotalBytes - frame.IpHeaderBytes);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[TcpLayout.ChecksumAt..], InternetChecksum.Partial(pseudo));
    }
}
