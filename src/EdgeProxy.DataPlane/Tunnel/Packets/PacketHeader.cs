using System.Buffers.Binary;
using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>
/// The fixed part of an IPv4 or IPv6 header, checked against the bytes there are: called once per packet, before
/// anything
/// else looks at it. Behind <see cref="TotalBytes"/> may stand padding.
/// </summary>
internal readonly struct PacketHeader
{
    public const byte Tcp = 6;
    public const byte Udp = 17;

    /// <summary>Of an IPv4 header without options.</summary>
    public const int V4Bytes = 20;

    /// <summary>Of an IPv6 header without extensions.</summary>
    public const int V6Bytes = 40;

    private const int V4FragmentMask = 0x3FFF; // More fragments, or an offset.

    private PacketHeader(bool isIPv6, byte protocol, int headerBytes, int totalBytes, bool isFragment)
    {
        IsIPv6 = isIPv6;
        Protocol = protocol;
        HeaderBytes = (ushort)headerBytes;
        TotalBytes = totalBytes;
        IsFragment = isFragment;
    }

    public bool IsIPv6 { get; }

    /// <summary>What follows the header; for IPv6 possibly an extension, which is not looked behind.</summary>
    public byte Protocol { get; }

    /// <summary>Of the IP header, with IPv4's options.</summary>
    public ushort HeaderBytes { get; }

    /// <summary>Header and payload, as the header says.</summary>
    public int TotalBytes { get; }

    /// <summary>An IPv4 packet of which this is a part.</summary>
    public bool IsFragment { get; }

    /// <summary>False: no IP packet, or one cut short.</summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out PacketHeader header)
    {
        header = default;
        if (packet.Length < V4Bytes) { return false; }
        switch (packet[0] >> 4)
        {
            case 4:
                int headerBytes = (packet[0] & 0xF) * 4;
                int totalBytes = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
                if (headerBytes < V4Bytes || totalBytes < headerBytes || totalBytes > packet.Length) { return false; }
                bool isFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & V4FragmentMask) != 0;
                header = new PacketHeader(isIPv6: false, packet[9], headerBytes, totalBytes, isFragment);
                return true;
            case 6 when packet.Length >= V6Bytes:
                totalBytes = V6Bytes + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
                if (totalBytes > packet.Length) { return false; }
                header = new PacketHeader(isIPv6: true, packet[6], V6Bytes, totalBytes, isFragment: false);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Source and destination side by side, as a pseudo header has them.</summary>
    public ReadOnlySpan<byte> Addresses(ReadOnlySpan<byte> packet) => IsIPv6 ? packet[8..40] : packet[12..20];

    public IpAddress Source(ReadOnlySpan<byte> packet) => IpAddress.FromBytes(IsIPv6 ? packet[8..24] : packet[12..16]);

    public IpAddress Destination(ReadOnlySpan<byte> packet) =>
        IpAddress.FromBytes(IsIPv6 ? packet[24..40] : packet[16..20]);

    /// <summary>DSCP and ECN.</summary>
    public byte TrafficClass(ReadOnlySpan<byte> packet) =>
        IsIPv6 ? (byte)((packet[0] << 4) | (packet[1] >> 4)) : packet[1];
}
