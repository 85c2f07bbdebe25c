using System.Buffers.Binary;
using System.Numerics;

namespace EdgeProxy.Routing;

/// <summary>
/// A country table packed to a seventh of its size in memory, and unpacked straight to the flat arrays of a
/// <see cref="GeoTable"/>, the two address families on a thread each.
/// </summary>
/// <remarks>
/// Little-endian: mark, CRC-32C of all that follows it, day of the data (days since 0001-01-01), ranges of IPv4, ranges of
/// IPv6, bytes of the IPv4 part; then the two parts. A part is the codes for steps and for countries (see
/// <see cref="CodeSet"/>) and per range a step (see <see cref="GeoSteps"/>), the bits between its length's highest and lowest,
/// and a country in the context of the last one, unless the step says that it is the one before the last. Each part ends
/// in <see cref="BitReader.SpareBytes"/> zeros. docs/decisions/0010-embedded-country-table.md has the figures.
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

    public static ReadOnlySpan<byte> Mark => "EPGEO001"u8;

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

        // The families beside each other: each takes some milliseconds of a start.
        int startV6 = HeaderBytes + (int)bytesV4;
        V6Arrays v6 = new((int)countV6);
        bool isV6Good = false;
        Thread readingV6 = new(() => isV6Good = GeoPart.TryReadV6(blob.AsSpan(startV6), ref v6)) { Name = "edgeproxy-geo6" };
        readingV6.Start();
        V4Arrays v4 = new((int)countV4);
        bool isV4Good = GeoPart.TryReadV4(blob.AsSpan(HeaderBytes, (int)bytesV4), ref v4);
        readingV6.Join();
        if (!isV4Good) { throw Damaged(source, "the steps of IPv4 do not add up"); }
        if (!isV6Good) { throw Damaged(source, "the steps of IPv6 do not add up"); }
        return new GeoTable(source, DateOnly.FromDayNumber((int)day), v4.Firsts, v4.Lows, v4.Countries, v6.Starts, v6.Countries);
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

    private static GeoFileException Damaged(string source, string what) =>
        new($"{source}: damaged: {what}. Make it again with make geo, and build again.");
}
