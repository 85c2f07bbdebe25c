using System.Buffers.Binary;
using System.Numerics;

namespace EdgeProxy.DataPlane;

/// <summary>CRC32C of a version 2 PROXY header (RFC 4960 appendix B), its own four bytes counted as zero.</summary>
internal static class ProxyHeaderChecksum
{
    private const int ChecksumBytes = 4;

    /// <param name="header">The whole header.</param>
    /// <param name="value">Where in it the checksum stands.</param>
    public static uint Of(ReadOnlySpan<byte> header, int value)
    {
        uint crc = Add(uint.MaxValue, header[..value]);
        crc = BitOperations.Crc32C(crc, 0u);
        return ~Add(crc, header[(value + ChecksumBytes)..]);
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte value in bytes) { crc = BitOperations.Crc32C(crc, value); }
        return crc;
    }
}
