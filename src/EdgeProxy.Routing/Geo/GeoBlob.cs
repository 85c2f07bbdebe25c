using System.Buffers.Binary;
using System.Numerics;

namespace EdgeProxy.Routing;

/// <summary>
/// A country table packed to a seventh of its size in memory. It answers as it is (<see cref="PackedRanges"/>), and is
/// unpacked straight to the arrays of <see cref="FlatRanges"/>.
/// </summary>
/// <remarks>
/// Little-endian: mark, CRC-32C of all that follows it, day of the data (days since 0001-01-01), ranges of IPv4, ranges
/// of IPv6, bytes of the IPv4 part; then the two parts. A part is the codes for steps and for countries (see
/// <see cref="CodeSet"/>), per piece of <see cref="GeoPart.PieceRanges"/> ranges its first address and its length in
/// bits (<see cref="GeoPart.PieceLengthBits"/>), and per range a step (see <see cref="GeoSteps"/>), the bits between
/// its length's highest and lowest, and a country in the context of the last one, unless the step says that it is the
/// one before the last. What a context looks back on is 0 where a piece starts. Each part ends in
/// <see cref="BitReader.SpareBytes"/> zeros. docs/decisions/0010-embedded-country-table.md has the figures.
/// </remarks>
internal static class GeoBlob
{
    public const int HeaderBytes = 28;
    public const int ChecksumOffset = 8;
    public const int DayOffset = 12; // What is checked begins here.
    public const int CountV4Offset = 16;
    public const int CountV6Offset = 20;
    public const int BytesV4Offset = 24;

    /// <summary>Ten times what today's data has.</summary>
    private const int RangesMax = 4_000_000;

    public static ReadOnlySpan<byte> Mark => "EPGEO002"u8;

    /// <summary>Takes the blob as it is, in well under a millisecond; unpacking checks the rest.</summary>
    /// <exception cref="GeoFileException">The blob is not what <c>make geo</c> wrote.</exception>
    public static GeoTable Read(byte[] blob, string source)
    {
        if (blob.Length < HeaderBytes || !blob.AsSpan().StartsWith(Mark)) { throw Damaged(source, "it does not begin with its mark"); }
        ReadOnlySpan<byte> header = blob;
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumOffset..]);
        uint found = Checksum(header[DayOffset..]);
        if (found != expected) { throw Damaged(source, $"its checksum is {found:x8} where {expected:x8} was written"); }

        uint day = BinaryPrimitives.ReadUInt32LittleEndian(header[DayOffset..]);
        uint countV4 = BinaryPrimitives.ReadUInt32LittleEndian(header[CountV4Offset..]);
        uint countV6 = BinaryPrimitives.ReadUInt32LittleEndian(header[CountV6Offset..]);
        uint bytesV4 = BinaryPrimitives.ReadUInt32LittleEndian(header[BytesV4Offset..]);
        bool fits = day <= DateOnly.MaxValue.DayNumber && countV4 is > 0 and <= RangesMax && countV6 is > 0 and <= RangesMax
            && bytesV4 >= BitReader.SpareBytes && blob.Length - HeaderBytes - BitReader.SpareBytes >= bytesV4;
        if (!fits) { throw Damaged(source, "its header does not fit its size"); }

        int startV6 = HeaderBytes + (int)bytesV4;
        GeoPart v4 = GeoPart.Read(blob, HeaderBytes, (int)bytesV4, GeoSteps.V4Bits, (int)countV4)
            ?? throw Damaged(source, "the codes of IPv4 are none");
        GeoPart v6 = GeoPart.Read(blob, startV6, blob.Length - startV6, GeoSteps.V6Bits, (int)countV6)
            ?? throw Damaged(source, "the codes of IPv6 are none");
        return new GeoTable(source, DateOnly.FromDayNumber((int)day), new PackedRanges(source, v4, v6));
    }

    /// <summary>The day of the data, from a blob's first <see cref="HeaderBytes"/>.</summary>
    public static DateOnly ReadDay(ReadOnlySpan<byte> header) =>
        DateOnly.FromDayNumber((int)BinaryPrimitives.ReadUInt32LittleEndian(header[DayOffset..]));

    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte b in bytes) { crc = BitOperations.Crc32C(crc, b); }
        return crc;
    }

    public static GeoFileException Damaged(string source, string what) =>
        new($"{source}: damaged: {what}. Make it again with make geo, and build again.");
}
