using System.Globalization;

namespace EdgeProxy.Routing;

/// <summary>A CIDR block (RFC 4632, RFC 4291 §2.3) in IPv6 form: an IPv4 /24 has 120 <see cref="Bits"/>.</summary>
public readonly record struct IpPrefix(IpAddress Address, int Bits)
{
    private const int MappedBits = 96;

    public bool Contains(in IpAddress address) => address.Prefix(Bits) == Address;

    /// <summary>The last address of the block.</summary>
    public IpAddress Last => Bits switch
    {
        0 => new IpAddress(ulong.MaxValue, ulong.MaxValue),
        < 64 => new IpAddress(Address.High | (ulong.MaxValue >> Bits), ulong.MaxValue),
        64 => new IpAddress(Address.High, ulong.MaxValue),
        < 128 => new IpAddress(Address.High, Address.Low | (ulong.MaxValue >> (Bits - 64))),
        _ => Address,
    };

    /// <summary>
    /// Parses "10.0.0.0/8", "2001:db8::/32" or a bare address (the whole of it). Bits set beyond the length are
    /// refused: they are far more often a slip than a wish.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpPrefix prefix)
    {
        prefix = default;
        int slash = text.IndexOf('/');
        ReadOnlySpan<char> host = slash < 0 ? text : text[..slash];
        if (!IpAddress.TryParse(host, out IpAddress address)) { return false; }
        bool v4 = !host.Contains(':');
        int bits = v4 ? 32 : 128;
        if (slash >= 0 && (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int given)
            || given > bits || (bits = given) < 0))
        {
            return false;
        }

        if (v4) { bits += MappedBits; }
        if (address.Prefix(bits) != address) { return false; }
        prefix = new IpPrefix(address, bits);
        return true;
    }

    /// <summary>The order of addresses; an outer block comes before those inside it.</summary>
    internal static int CompareOuterFirst(IpPrefix left, IpPrefix right)
    {
        int order = left.Address.CompareTo(right.Address);
        return order != 0 ? order : left.Bits.CompareTo(right.Bits);
    }

    public override string ToString() => Address.IsIPv4 && Bits >= MappedBits
        ? $"{Address}/{Bits - MappedBits}"
        : $"{Address}/{Bits}";
}
