using System.Buffers.Binary;

namespace EdgeProxy.DataPlane;

/// <summary>
/// <c>struct virtio_net_hdr</c>, 10 bytes, in the host's order, which is little-endian wherever this runs: what the
/// kernel left undone in the packet behind it, or is to do.
/// </summary>
/// <param name="NeedsChecksum">The field at ChecksumStart + ChecksumOffset holds the pseudo header's sum alone.</param>
/// <param name="Gso">How the packet is to be cut.</param>
/// <param name="HasEcn">A cut TCP packet has CWR set, which only the first segment keeps.</param>
/// <param name="HeaderBytes">What the kernel should lay out in one piece; a hint.</param>
/// <param name="SegmentBytes">Payload of each segment but the last.</param>
/// <param name="ChecksumStart">From here to the end is summed.</param>
/// <param name="ChecksumOffset">Of the field, from ChecksumStart.</param>
internal readonly record struct VirtioHeader(
    bool NeedsChecksum, VirtioGso Gso, bool HasEcn, ushort HeaderBytes, ushort SegmentBytes, ushort ChecksumStart,
    ushort ChecksumOffset)
{
    /// <summary>Of the header itself.</summary>
    public const int Bytes = 10;

    private const byte VIRTIO_NET_HDR_F_NEEDS_CSUM = 1;
    private const byte VIRTIO_NET_HDR_GSO_ECN = 0x80;

    /// <param name="frame">At least <see cref="Bytes"/> long.</param>
    public static VirtioHeader Read(ReadOnlySpan<byte> frame) => new(
        (frame[0] & VIRTIO_NET_HDR_F_NEEDS_CSUM) != 0,
        (VirtioGso)(frame[1] & ~VIRTIO_NET_HDR_GSO_ECN),
        (frame[1] & VIRTIO_NET_HDR_GSO_ECN) != 0,
        BinaryPrimitives.ReadUInt16LittleEndian(frame[2..]),
        BinaryPrimitives.ReadUInt16LittleEndian(frame[4..]),
        BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]),
        BinaryPrimitives.ReadUInt16LittleEndian(frame[8..]));

    public void Write(Span<byte> frame)
    {
        frame[0] = NeedsChecksum ? VIRTIO_NET_HDR_F_NEEDS_CSUM : (byte)0;
        frame[1] = (byte)((byte)Gso | (HasEcn ? VIRTIO_NET_HDR_GSO_ECN : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(frame[2..], HeaderBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[4..], SegmentBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[6..], ChecksumStart);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[8..], ChecksumOffset);
    }
}
