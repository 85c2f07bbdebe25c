using System.Buffers.Binary;
using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane.Tests;

/// <summary>Builds PROXY headers byte by byte, independently of the writer under test.</summary>
internal static class HeaderBytes
{
    private static readonly byte[] V2Signature =
        [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    public static readonly byte[] Inet = [203, 0, 113, 7, 192, 0, 2, 1, 0xDB, 0x1C, 0x01, 0xBB];

    public static IpEndpoint InetSource { get; } = Endpoint("203.0.113.7:56092");

    public static IpEndpoint InetDestination { get; } = Endpoint("192.0.2.1:443");

    public static byte[] Text(string line) => Encoding.Latin1.GetBytes(line);

    public static byte[] V2(int versionAndCommand, int familyAndTransport, params byte[] block) =>
        V2WithLength(versionAndCommand, familyAndTransport, block.Length, block);

    public static byte[] V2WithLength(int versionAndCommand, int familyAndTransport, int length, params byte[] block) =>
        [.. V2Signature, (byte)versionAndCommand, (byte)familyAndTransport, (byte)(length >> 8), (byte)length, .. block];

    public static byte[] Tlv(int type, params byte[] value) =>
        [(byte)type, (byte)(value.Length >> 8), (byte)value.Length, .. value];

    /// <summary>
    /// CRC32C bit by bit over the header with the four bytes at <paramref name="at"/> as zero, put there.
    /// </summary>
    public static byte[] WithChecksumAt(byte[] header, int at)
    {
        header.AsSpan(at, 4).Clear();
        uint crc = uint.MaxValue;
        foreach (byte value in header)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) { crc = (crc >> 1) ^ (0x82F6_3B78u & (0u - (crc & 1))); }
        }

        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(at), ~crc);
        return header;
    }

    public static IpEndpoint Endpoint(string text)
    {
        Assert.True(IpEndpoint.TryParse(text, out IpEndpoint endpoint), text);
        return endpoint;
    }
}
