using CsCheck;
using EdgeProxy.GeoTool;

namespace EdgeProxy.Routing.Tests;

public sealed class GeoBlobTests
{
    /// <summary>Starts that real data has: aligned to some power of two, crowded in few places.</summary>
    private static readonly Gen<(ulong Where, int Align, byte Country)[]> s_ranges =
        Gen.Select(Gen.ULong, Gen.Int[0, 24], Gen.Frequency((3, Gen.Byte[1, 4]), (1, Gen.Byte[0, Country.Count - 1]))).Array[0, 300];

    [Fact]
    public void Read_WhenAnyTableWasWritten_GivesItBack() => s_ranges.Sample(
        ranges =>
        {
            GeoTable table = Table(ranges);
            GeoTable unpacked = GeoBlob.Read(GeoBlobWriter.Write(table), "test");
            Assert.Equal(table.BuiltAt, unpacked.BuiltAt);
            Assert.Equal(table.RangesV4(), unpacked.RangesV4());
            Assert.Equal(NaiveSites(table), unpacked.RangesV6());
        },
        iter: 200);

    /// <summary>Several pieces, so that what holds where one ends is looked at as well.</summary>
    [Fact]
    public void Find_WhenStillPacked_AnswersAsUnpacked()
    {
        const int Seed = 20261125;
        Random random = new(Seed);
        const int Ranges = 3 * GeoPart.PieceRanges;
        IEnumerable<(ulong Where, int Align, byte Country)> drawn = Enumerable.Range(0, Ranges)
            .Select(_ => ((ulong)random.NextInt64(), random.Next(16), (byte)random.Next(200)));
        GeoTable packed = GeoBlob.Read(GeoBlobWriter.Write(Table([.. drawn])), "test");
        GeoTable unpacked = packed.Unpack();
        Assert.True(packed.IsPacked && !unpacked.IsPacked);
        Assert.Equal(packed.RangeCount, unpacked.RangeCount);
        Assert.True(unpacked.RangesV4().Count() > 2 * GeoPart.PieceRanges);
        Assert.True(unpacked.RangesV6().Count() > 2 * GeoPart.PieceRanges);
        foreach ((uint start, Country country) in unpacked.RangesV4())
        {
            Assert.Equal(country, packed.Find(IpAddress.FromV4(start)));
            Assert.Equal(unpacked.Find(IpAddress.FromV4(start - 1)), packed.Find(IpAddress.FromV4(start - 1)));
        }

        foreach ((ulong start, Country country) in unpacked.RangesV6().Skip(1))
        {
            Assert.Equal(unpacked.Find(new IpAddress(start, 0)), packed.Find(new IpAddress(start, 0)));
            Assert.Equal(unpacked.Find(new IpAddress(start - 1, 0)), packed.Find(new IpAddress(start - 1, 0)));
        }
    }

    [Fact]
    public void Read_WhenAnyByteIsChanged_RefusesIt()
    {
        byte[] blob = Blob();
        for (int at = 0; at < blob.Length; at++)
        {
            blob[at] ^= 0x10;
            GeoFileException refusal = Assert.Throws<GeoFileException>(() => GeoBlob.Read(blob, "the table"));
            Assert.StartsWith("the table: damaged: ", refusal.Message, StringComparison.Ordinal);
            Assert.EndsWith("make geo, and build again.", refusal.Message, StringComparison.Ordinal);
            blob[at] ^= 0x10;
        }
    }

    [Fact]
    public void Read_WhenCutShort_RefusesIt()
    {
        byte[] blob = Blob();
        for (int length = 0; length < blob.Length; length++)
        {
            Assert.Throws<GeoFileException>(() => GeoBlob.Read(blob[..length], "the table"));
        }
    }

    [Fact]
    public void Read_WhenDamagedBehindARightChecksum_RefusesItOrEnds()
    {
        const int Seed = 20261124;
        Random random = new(Seed);
        byte[] blob = Blob();
        int refused = 0;
        const int Rounds = 5_000;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] damaged = [.. blob];
            for (int hit = random.Next(1, 6); hit > 0; hit--) { damaged[random.Next(GeoBlob.DayOffset, damaged.Length)] = (byte)random.Next(); }
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(
                damaged.AsSpan(GeoBlob.ChecksumOffset), GeoBlob.Checksum(damaged.AsSpan(GeoBlob.DayOffset)));
            try
            {
                GeoTable packed = GeoBlob.Read(damaged, "the table");
                for (int i = 0; i < 8; i++) { _ = packed.Find(IpAddress.FromV4((uint)random.NextInt64(1L << 32))); }
                _ = packed.Unpack();
            }
            catch (GeoFileException) { refused++; }
        }

        Assert.True(refused > Rounds / 2, $"{refused} of {Rounds} were refused (seed {Seed})");
    }

    private static byte[] Blob() =>
        GeoBlobWriter.Write(Table([.. Enumerable.Range(0, 64).Select(static i => ((ulong)i * 0x0123_4567_89AB_CDEF, i % 24, (byte)(i % 7)))]));

    private static GeoTable Table((ulong Where, int Align, byte Country)[] ranges)
    {
        GeoTableBuilder builder = new();
        foreach ((uint start, byte country) in ranges
            .Select(static r => ((uint)(r.Where >> 32) >> r.Align << r.Align, r.Country)).OrderBy(static r => r.Item1))
        {
            builder.AddV4(start, new Country(country));
        }

        // Within 2000::/3; alignments below 16 divide a /48.
        foreach ((ulong start, byte country) in ranges
            .Select(static r => (GeoTable.V6First | (r.Where >> 3 >> r.Align << r.Align), r.Country)).OrderBy(static r => r.Item1))
        {
            builder.AddV6(start, new Country(country));
        }

        return builder.Build("test", new DateOnly(2026, 6, 1));
    }

    /// <summary>The country with the most of each /48 in which one begins, neighbours joined: by counting in a plain way.</summary>
    private static IEnumerable<(ulong Start, Country Country)> NaiveSites(GeoTable table)
    {
        (ulong Start, Country Country)[] ranges = [.. table.RangesV6()];
        SortedSet<ulong> sites = [];
        foreach ((ulong start, _) in ranges)
        {
            sites.Add(start >> 16);
            if ((start & 0xFFFF) != 0) { sites.Add((start >> 16) + 1); }
        }

        Country? last = null;
        foreach (ulong site in sites)
        {
            ulong from = site << 16;
            ulong to = from + 0x1_0000;
            Country most = ranges
                .Select((r, i) => (r.Country, Share: Overlap(r.Start, i + 1 < ranges.Length ? ranges[i + 1].Start : ulong.MaxValue, from, to)))
                .Where(static r => r.Share > 0)
                .GroupBy(static r => r.Country)
                .MaxBy(static g => g.Sum(static r => (long)r.Share))!.Key;
            if (most != last && from <= GeoTable.V6Last) { yield return (from, most); }
            last = most;
        }
    }

    private static ulong Overlap(ulong start, ulong end, ulong from, ulong to)
    {
        ulong first = Math.Max(start, from);
        ulong last = Math.Min(end, to);
        return last > first ? last - first : 0;
    }
}
