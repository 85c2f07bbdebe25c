using System.Buffers.Binary;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Lowers the segment size a TCP connection asks for to what the tunnel's MTU takes, so that forwarded connections
/// never
/// send what would not fit. Called per packet, both ways, on one whose checksum is complete; only a SYN is touched.
/// </summary>
internal static class MssClamp
{
    private const byte OptionEnd = 0;
    private const byte OptionNone = 1;
    private const byte OptionMss = 2;
    private const int OptionMssBytes = 4;

    /// <param name="packet">The whole packet.</param>
    /// <param name="header">Its header.</param>
    /// <param name="mtu">Of the tunnel.</param>
    /// <returns>It was lowered.</returns>
    public static bool Apply(Span<byte> packet, in PacketHeader header, int mtu)
    {
        if (header.Protocol != PacketHeader.Tcp || header.IsFragment) { return false; }
        Span<byte> tcp = packet[header.HeaderBytes..header.TotalBytes];
        if (tcp.Length < TcpLayout.HeaderBytesMin) { return false; }
        var flags = (TcpFlags)tcp[TcpLayout.FlagsAt];
        int headerBytes = TcpLayout.HeaderBytes(tcp);
        if ((flags & TcpFlags.Syn) == 0 || headerBytes > tcp.Length) { return false; }
        int ipBytes = header.IsIPv6 ? PacketHeader.V6Bytes : PacketHeader.V4Bytes;
        int mssMax = mtu - ipBytes - TcpLayout.HeaderBytesMin; // Without options, as the option counts (RFC 6691).
        int at = TcpLayout.HeaderBytesMin;
        while (at < headerBytes && tcp[at] != OptionEnd)
        {
            if (tcp[at] == OptionNone)
            {
                at++;
                continue;
            }

            int bytes = at + 1 < headerBytes ? tcp[at + 1] : 0;
            if (bytes < 2 || at + bytes > headerBytes) { return false; }
            if (tcp[at] == OptionMss && bytes == OptionMssBytes) { return Lower(tcp, at + 2, mssMax); }
            at += bytes;
        }

        return false;
    }

    private static bool Lower(Span<byte> tcp, int at, int mssMax)
    {
        ushort before = BinaryPrimitives.ReadUInt16BigEndian(tcp[at..]);
        if (before <= mssMax) { return false; }
        BinaryPrimitives.WriteUInt16BigEndian(tcp[at..], (ushort)mssMax);

        // An option may begin at any byte: at an odd one the value lies across two of the words that are summed.
        ushort after = (ushort)mssMax;
        if ((at & 1) != 0)
        {
            before = BinaryPrimitives.ReverseEndianness(before);
            after = BinaryPrimitives.ReverseEndianness(after);
        }

        Span<byte> field = tcp[TcpLayout.ChecksumAt..];
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(field);
        BinaryPrimitives.WriteUInt16BigEndian(field, InternetChecksum.Update(checksum, before, after));
        return true;
    }
}
