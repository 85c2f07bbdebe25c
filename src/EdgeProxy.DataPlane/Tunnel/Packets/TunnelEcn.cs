using System.Buffers.Binary;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Congestion marks across the tunnel, as WireGuard has them: the outer packet's DSCP is 0 and its ECN the inner one's
/// (RFC
/// 6040 §4.1, normal mode); on the way out a mark the path made on the outer packet is put on the inner one (§4.2).
/// Called
/// with <see cref="Outer"/> per packet sealed and <see cref="Combine"/> per packet opened.
/// </summary>
internal static class TunnelEcn
{
    private const int Mask = 3;
    private const int NotEct = 0;
    private const int Ect1 = 1;
    private const int Ect0 = 2;
    private const int Ce = 3;

    /// <summary>
    /// The outer packet's traffic class for an inner one's. Packets that share a datagram call need the same.
    /// </summary>
    public static byte Outer(byte inner) => (byte)(inner & Mask);

    /// <summary>Puts the outer packet's mark on the inner one.</summary>
    /// <returns>
    /// False: the path marked a packet whose ends do not know of marks; RFC 6040 would drop it, the kernel's WireGuard
    /// lets it through, and so does this.
    /// </returns>
    public static bool Combine(Span<byte> packet, in PacketHeader header, byte outer)
    {
        int before = header.TrafficClass(packet) & Mask;
        int after = (before, outer & Mask) switch
        {
            (Ect0 or Ect1, Ce) => Ce,
            (Ect0, Ect1) => Ect1,
            _ => before,
        };
        if (after != before) { Set(packet, header, after); }
        return before != NotEct || (outer & Mask) != Ce;
    }

    private static void Set(Span<byte> packet, in PacketHeader header, int ecn)
    {
        if (header.IsIPv6)
        {
            packet[1] = (byte)((packet[1] & ~(Mask << 4)) | (ecn << 4));
            return;
        }

        ushort before = BinaryPrimitives.ReadUInt16BigEndian(packet);
        packet[1] = (byte)((packet[1] & ~Mask) | ecn);
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(packet[10..]);
        BinaryPrimitives.WriteUInt16BigEndian(
            packet[10..], InternetChecksum.Update(checksum, before, BinaryPrimitives.ReadUInt16BigEndian(packet)));
    }
}
