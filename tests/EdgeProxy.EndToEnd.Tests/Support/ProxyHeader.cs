using System.Buffers.Binary;
using System.Net;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Headers of the PROXY protocol, version 2, put together here from its specification (proxy-protocol.txt, 2.2).</summary>
internal static class ProxyHeader
{
    private static readonly byte[] s_signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <summary>A connection from somebody.</summary>
    public static byte[] Proxy(IPEndPoint source, IPEndPoint target)
    {
        byte family = source.Address.GetAddressBytes().Length == 4 ? (byte)0x11 : (byte)0x21;
        return [.. s_signature, 0x21, family, .. Length(source), .. source.Address.GetAddressBytes(), .. target.Address.GetAddressBytes(), .. Port(source), .. Port(target)];
    }

    /// <summary>A connection of the peer's own: a health check.</summary>
    public static byte[] Local() => [.. s_signature, 0x20, 0x00, 0x00, 0x00];

    private static byte[] Length(IPEndPoint source) => Number((2 * source.Address.GetAddressBytes().Length) + 4);

    private static byte[] Port(IPEndPoint at) => Number(at.Port);

    private static byte[] Number(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
