using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace EdgeProxy.Routing;

/// <summary>
/// An IPv4 or IPv6 address as the 128 bits of its IPv6 form; IPv4 is held mapped (::ffff:a.b.c.d, RFC 4291 §2.5.5.2),
/// so a client is the same client whichever listener took it. 16 bytes, no references, ordered as numbers.
/// </summary>
/// <param name="High">Bits 127..64, host order.</param>
/// <param name="Low">Bits 63..0, host order.</param>
public readonly record struct IpAddress(ulong High, ulong Low) : IComparable<IpAddress>
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000UL;

    public bool IsIPv4 => High == 0 && Low >> 32 == 0xFFFF;

    /// <summary>The IPv4 address as a number; meaningful only when <see cref="IsIPv4"/>.</summary>
    public uint V4 => (uint)Low;

    /// <summary>127.0.0.0/8 or ::1.</summary>
    public bool IsLoopback => IsIPv4 ? V4 >> 24 == 127 : High == 0 && Low == 1;

    public static IpAddress FromV4(uint address) => new(0, MappedPrefix | address);

    /// <summary>Reads 4 or 16 bytes in network order.</summary>
    public static IpAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == 4
        ? FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes))
        : new IpAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>
    /// Keeps the first <paramref name="bits"/> of the IPv6 form (an IPv4 /24 is 96 + 24) and clears the rest.
    /// </summary>
    public IpAddress Prefix(int bits) => bits switch
    {
        <= 0 => default,
        < 64 => new IpAddress(High & (ulong.MaxValue << (64 - bits)), 0),
        64 => new IpAddress(High, 0),
        < 128 => new IpAddress(High, Low & (ulong.MaxValue << (128 - bits))),
        _ => this,
    };

    /// <summary>All 128 bits count: a hash that folds them lets a file choose rows that all fall together.</summary>
    public override int GetHashCode() =>
        HashCode.Combine((uint)(High >> 32), (uint)High, (uint)(Low >> 32), (uint)Low);

    /// <summary>
    /// Parses a textual address strictly: dotted decimal with four plain octets, or RFC 4291 §2.2 without a zone.
    /// The short and octal forms that inet_aton(3) takes are refused, since they are how filters get fooled.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        if (!text.Contains(':'))
        {
            if (!TryParseV4(text, out uint v4)) { return false; }
            address = FromV4(v4);
            return true;
        }

        if (text.IndexOfAny('%', '[', ']') >= 0 || text.Contains('/') || !IPAddress.TryParse(text, out IPAddress? parsed)
            || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        address = FromBytes(bytes);
        return true;
    }

    private static bool TryParseV4(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        int octets = 0;
        int digits = 0;
        uint octet = 0;
        foreach (char c in text)
        {
            if (c == '.')
            {
                if (digits == 0 || ++octets > 3) { return false; }
                address = (address << 8) | octet;
                octet = 0;
                digits = 0;
            }
            else if (char.IsAsciiDigit(c))
            {
                if (digits == 1 && octet == 0) { return false; } // A leading zero.
                octet = (octet * 10) + (uint)(c - '0');
                if (++digits > 3 || octet > 255) { return false; }
            }
            else
            {
                return false;
            }
        }

        address = (address << 8) | octet;
        return octets == 3 && digits > 0;
    }

    public int CompareTo(IpAddress other)
    {
        int high = High.CompareTo(other.High);
        return high != 0 ? high : Low.CompareTo(other.Low);
    }

    public static bool operator <(IpAddress left, IpAddress right) => left.CompareTo(right) < 0;

    public static bool operator >(IpAddress left, IpAddress right) => left.CompareTo(right) > 0;

    public static bool operator <=(IpAddress left, IpAddress right) => left.CompareTo(right) <= 0;

    public static bool operator >=(IpAddress left, IpAddress right) => left.CompareTo(right) >= 0;

    public override string ToString()
    {
        if (IsIPv4) { return $"{V4 >> 24}.{(V4 >> 16) & 255}.{(V4 >> 8) & 255}.{V4 & 255}"; }
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPAddress(bytes).ToString();
    }
}
