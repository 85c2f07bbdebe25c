using System.Buffers.Binary;

namespace EdgeProxy.WireGuard;

/// <summary>
/// A block of inner addresses that are a peer's: packets to them go to it, packets from them come from it.
/// </summary>
/// <param name="IsIPv4">Which family.</param>
/// <param name="High">The address from its first bit on, IPv4 in the upper half; bits beyond the prefix are
/// zero.</param>
/// <param name="Low">The second half of an IPv6 address.</param>
/// <param name="Bits">The length of the prefix, up to 32 or 128.</param>
public readonly record struct AllowedIp(bool IsIPv4, ulong High, ulong Low, int Bits)
{
    /// <summary>
    /// From 4 or 16 bytes in network order; bits beyond the prefix are cleared, as every tool of WireGuard does.
    /// </summary>
    public static AllowedIp FromBytes(ReadOnlySpan<byte> address, int bits)
    {
        bool isIPv4 = address.Length == 4;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bits, isIPv4 ? 32u : 128u, nameof(bits));
        (ulong high, ulong low) = Words(address);
        return new AllowedIp(isIPv4, high & MaskHigh(bits), low & MaskLow(bits), bits);
    }

    /// <summary>The address in network order.</summary>
    /// <returns>4 or 16, the bytes written.</returns>
    public int Write(Span<byte> address)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(address, (uint)(High >> 32));
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(address, High);
        BinaryPrimitives.WriteUInt64BigEndian(address[8..], Low);
        return 16;
    }

    internal static (ulong High, ulong Low) Words(ReadOnlySpan<byte> address) => address.Length == 4
        ? ((ulong)BinaryPrimitives.ReadUInt32BigEndian(address) << 32, 0)
        : (BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..]));

    /// <summary>Ones where the prefix is. A shift by 64 would be one by 0, hence the cases.</summary>
    internal static ulong MaskHigh(int bits) => bits switch
    {
        <= 0 => 0,
        >= 64 => ulong.MaxValue,
        _ => ulong.MaxValue << (64 - bits),
    };

    internal static ulong MaskLow(int bits) => MaskHigh(bits - 64);
}
