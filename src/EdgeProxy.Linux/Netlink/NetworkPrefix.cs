using System.Buffers.Binary;

namespace EdgeProxy.Linux;

/// <summary>
/// An address with a length: of a route, an interface or a peer. IPv4 is held in mapped form (::ffff:a.b.c.d) and its
/// length still counts from 0 to 32.
/// </summary>
/// <param name="High">Bits 127..64, host order.</param>
/// <param name="Low">Bits 63..0, host order.</param>
/// <param name="Bits">Of the family's own address.</param>
public readonly record struct NetworkPrefix(ulong High, ulong Low, int Bits)
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000UL;

    public bool IsIPv4 => High == 0 && Low >> 32 == 0xFFFF;

    internal byte Family => (byte)(IsIPv4 ? Kernel.AF_INET : Kernel.AF_INET6);

    internal int AddressBytes => IsIPv4 ? 4 : 16;

    /// <summary>The address in network order: 4 bytes or 16.</summary>
    internal void Write(Span<byte> target)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target, (uint)Low);
            return;
        }

        BinaryPrimitives.WriteUInt64BigEndian(target, High);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], Low);
    }

    internal static NetworkPrefix Read(ReadOnlySpan<byte> address, int bits) => address.Length == 4
        ? new NetworkPrefix(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(address), bits)
        : new NetworkPrefix(
            BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..]), bits);

    /// <summary>0.0.0.0/0 or ::/0, of which the kernel gives no address.</summary>
    internal static NetworkPrefix Everything(bool isIPv4) => new(0, isIPv4 ? MappedPrefix : 0, 0);
}
