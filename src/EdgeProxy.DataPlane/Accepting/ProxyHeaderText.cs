using System.Buffers.Binary;
using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Addresses and ports of a version 1 PROXY line, from and to bytes, without allocating. Reading is strict: what
/// inet_aton(3) would still understand (octets above 255, leading zeros, short forms) is how filters get fooled.
/// </summary>
internal static class ProxyHeaderText
{
    private const int Groups = 8;

    /// <summary>Longest text of <see cref="WriteAddress"/>: eight groups of four and seven colons.</summary>
    public const int AddressBytesMax = 39;

    public static bool TryReadAddress(ReadOnlySpan<byte> text, bool ipv6, out IpAddress address)
    {
        address = default;
        if (ipv6) { return TryReadV6(text, out address); }
        if (!TryReadV4(text, out uint v4)) { return false; }
        address = IpAddress.FromV4(v4);
        return true;
    }

    /// <summary>A port of 0 to 65535 without leading zeros.</summary>
    public static bool TryReadPort(ReadOnlySpan<byte> text, out ushort port)
    {
        bool ok = TryReadNumber(text, ushort.MaxValue, out uint number);
        port = (ushort)number;
        return ok;
    }

    private static bool TryReadV4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (int octet = 0; octet < 4; octet++)
        {
            int dot = octet < 3 ? text.IndexOf((byte)'.') : text.Length;
            if (dot < 0 || !TryReadNumber(text[..dot], byte.MaxValue, out uint number)) { return false; }
            address = (address << 8) | number;
            text = octet < 3 ? text[(dot + 1)..] : default;
        }

        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, uint max, out uint number)
    {
        number = 0;
        if (text.IsEmpty || text.Length > 5 || (text.Length > 1 && text[0] == (byte)'0')) { return false; }
        foreach (byte digit in text)
        {
            if (!char.IsAsciiDigit((char)digit)) { return false; }
            number = (number * 10) + (uint)(digit - '0');
        }

        return number <= max;
    }

    /// <summary>
    /// RFC 4291 §2.2: groups, at most one "::", the last two groups possibly dotted (inet_ntop(3) writes so).
    /// </summary>
    private static bool TryReadV6(ReadOnlySpan<byte> text, out IpAddress address)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[2 * Groups];
        bytes.Clear();
        int count = 0;
        int gap = -1;
        while (!text.IsEmpty)
        {
            if (text.StartsWith("::"u8) && gap < 0)
            {
                gap = count;
                text = text[2..];
                continue;
            }

            if (count > 0 && gap != count && !TakeColon(ref text)) { return false; }
            if (!TryReadGroup(ref text, bytes, ref count)) { return false; }
        }

        if (gap < 0 ? count != Groups : count >= Groups) { return false; }
        if (gap >= 0) { SpreadGap(bytes, gap, count); }
        address = IpAddress.FromBytes(bytes);
        return true;
    }

    private static bool TakeColon(ref ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] != (byte)':') { return false; }
        text = text[1..];
        return true;
    }

    /// <summary>Reads one group of up to four hexadecimal digits, or the dotted end of the address as two.</summary>
    private static bool TryReadGroup(ref ReadOnlySpan<byte> text, scoped Span<byte> bytes, ref int count)
    {
        int length = text.IndexOf((byte)':');
        if (length < 0) { length = text.Length; }
        ReadOnlySpan<byte> group = text[..length];
        if (length == text.Length && group.Contains((byte)'.'))
        {
            if (count > Groups - 2 || !TryReadV4(group, out uint v4)) { return false; }
            BinaryPrimitives.WriteUInt32BigEndian(bytes[(2 * count)..], v4);
            count += 2;
        }
        else
        {
            if (count == Groups || !TryReadHex(group, out ushort number)) { return false; }
            BinaryPrimitives.WriteUInt16BigEndian(bytes[(2 * count)..], number);
            count++;
        }

        text = text[length..];
        return true;
    }

    private static bool TryReadHex(ReadOnlySpan<byte> text, out ushort number)
    {
        int value = 0;
        number = 0;
        if (text.IsEmpty || text.Length > 4) { return false; }
        foreach (byte digit in text)
        {
            if (!char.IsAsciiHexDigit((char)digit)) { return false; }
            value = (value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        number = (ushort)value;
        return true;
    }

    /// <summary>Moves the groups behind "::" to the end and clears what it stands for.</summary>
    private static void SpreadGap(Span<byte> bytes, int gap, int count)
    {
        int tail = 2 * (count - gap);
        Span<byte> moved = bytes.Slice(2 * gap, tail);
        moved.CopyTo(bytes[^tail..]);
        bytes[(2 * gap)..^tail].Clear();
    }

    /// <summary>
    /// Writes dotted decimal, or all eight groups in hexadecimal without leading zeros (no "::": any reader takes it).
    /// </summary>
    /// <returns>Bytes written.</returns>
    public static int WriteAddress(Span<byte> into, in IpAddress address, bool ipv6)
    {
        int length = 0;
        for (int part = 0; part < (ipv6 ? Groups : 4); part++)
        {
            if (part > 0) { into[length++] = ipv6 ? (byte)':' : (byte)'.'; }
            bool written = ipv6
                ? Group(address, part).TryFormat(into[length..], out int digits, "x")
                : ((address.V4 >> (24 - (8 * part))) & 0xFF).TryFormat(into[length..], out digits);
            Invariant.Holds(written);
            length += digits;
        }

        return length;
    }

    private static uint Group(in IpAddress address, int group) =>
        (uint)((group < 4 ? address.High : address.Low) >> (48 - (16 * (group & 3)))) & 0xFFFF;
}
