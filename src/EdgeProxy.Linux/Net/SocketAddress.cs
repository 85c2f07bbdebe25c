using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary>
/// An IPv4 or IPv6 endpoint as the kernel takes it: <c>struct sockaddr_in</c> (ip(7)) or <c>sockaddr_in6</c> (ipv6(7)),
/// 28 bytes, address and port in network order.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 28)]
public struct SocketAddress
{
    internal const ushort AF_INET = 2;
    internal const ushort AF_INET6 = 10;

    [FieldOffset(0)] internal ushort Family;
    [FieldOffset(2)] internal ushort PortNetworkOrder;
    [FieldOffset(4)] internal uint AddressV4NetworkOrder;
    [FieldOffset(8)] internal ulong AddressV6HighNetworkOrder;
    [FieldOffset(16)] internal ulong AddressV6LowNetworkOrder;
    [FieldOffset(24)] internal uint ScopeId;

    /// <summary>
    /// True for an IPv6 socket address; an IPv4 client of a dual-stack listener arrives as ::ffff:a.b.c.d.
    /// </summary>
    public readonly bool IsIPv6 => Family == AF_INET6;

    /// <summary>True for an IPv4 address, plain or as ::ffff:a.b.c.d.</summary>
    internal readonly bool IsIPv4 => Family == AF_INET || (AddressV6HighNetworkOrder == 0 && Low >> 32 == 0xFFFF);

    /// <summary>The address of one that is IPv4: its own word, or the last of the mapped form.</summary>
    internal readonly uint IPv4NetworkOrder =>
        Family == AF_INET ? AddressV4NetworkOrder : (uint)(AddressV6LowNetworkOrder >> 32);

    /// <summary>Length of the structure to hand to the kernel, in bytes.</summary>
    internal readonly int Length => Family == AF_INET ? 16 : 28;

    public readonly ushort Port => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(PortNetworkOrder);

    /// <summary>Bits 127..64 of the address as IPv6, host order; an IPv4 address as its mapped form.</summary>
    public readonly ulong High =>
        Family == AF_INET ? 0 : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(AddressV6HighNetworkOrder);

    /// <summary>Bits 63..0 of the address as IPv6, host order; an IPv4 address as its mapped form.</summary>
    public readonly ulong Low => Family == AF_INET
        ? 0x0000_FFFF_0000_0000UL | System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(AddressV4NetworkOrder)
        : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(AddressV6LowNetworkOrder);

    /// <summary>
    /// Builds an address from its 128 bits, host order; an IPv4-mapped one becomes a plain IPv4 address.
    /// </summary>
    public static SocketAddress From(ulong high, ulong low, ushort port)
    {
        SocketAddress address = default;
        address.PortNetworkOrder = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(port);
        if (high == 0 && low >> 32 == 0xFFFF)
        {
            address.Family = AF_INET;
            address.AddressV4NetworkOrder = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness((uint)low);
        }
        else
        {
            address.Family = AF_INET6;
            address.AddressV6HighNetworkOrder = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(high);
            address.AddressV6LowNetworkOrder = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(low);
        }

        return address;
    }
}
