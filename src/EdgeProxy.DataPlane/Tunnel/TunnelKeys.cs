using System.Buffers.Binary;
using EdgeProxy.Routing;
using EdgeProxy.WireGuard;

namespace EdgeProxy.DataPlane;

/// <summary>The protocol's values for the routing table's, and back: neither project knows the other.</summary>
internal static class TunnelKeys
{
    private const int MappedBits = 96; // An IPv4 address is ::ffff:a.b.c.d to the routing table.
    private const int AddressBytesMax = 16;

    public static PublicKey Public(PeerKey key)
    {
        Span<byte> bytes = stackalloc byte[PeerKey.Bytes];
        key.CopyTo(bytes);
        return new PublicKey(bytes);
    }

    public static PeerKey Key(PublicKey key)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Bytes];
        key.CopyTo(bytes);
        return new PeerKey(bytes);
    }

    public static AllowedIp Block(IpPrefix prefix)
    {
        Span<byte> bytes = stackalloc byte[AddressBytesMax];
        if (prefix.Address.IsIPv4 && prefix.Bits >= MappedBits)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)prefix.Address.Low);
            return AllowedIp.FromBytes(bytes[..4], prefix.Bits - MappedBits);
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, prefix.Address.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], prefix.Address.Low);
        return AllowedIp.FromBytes(bytes, prefix.Bits);
    }

    public static IpPrefix Prefix(AllowedIp block)
    {
        Span<byte> bytes = stackalloc byte[AddressBytesMax];
        int length = block.Write(bytes);
        return new IpPrefix(IpAddress.FromBytes(bytes[..length]), block.IsIPv4 ? block.Bits + MappedBits : block.Bits);
    }
}
