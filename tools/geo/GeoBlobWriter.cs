using System.Buffers.Binary;
using System.Numerics;
using EdgeProxy.Routing;

namespace EdgeProxy.GeoTool;

/// <summary>Packs a country table; <c>GeoBlob</c> says how it is laid out.</summary>
internal static class GeoBlobWriter
{
    private const int StepCodesMax = 96;
    private const int CountryCodesMax = 96;

    /// <param name="table">IPv6 starts that are not on a /48 are not kept as they are: see <see cref="SiteRanges"/>.</param>
    public static byte[] Write(GeoTable table)
    {
        (ulong Start, Country Country)[] v4 = [.. table.RangesV4().Select(static r => ((ulong)r.Start, r.Country))];
        (ulong Start, Country Country)[] v6 = [.. SiteRanges.Of(table)];
        byte[] partV4 = Part(v4, GeoSteps.V4Bits);
        byte[] partV6 = Part([.. v6.Select(static r => (r.Start >> (64 - GeoSteps.V6Bits), r.Country))], GeoSteps.V6Bits);
        byte[] header = new byte[GeoBlob.HeaderBytes];
        GeoBlob.Mark.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(GeoBlob.DayOffset), table.BuiltAt.DayNumber);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(GeoBlob.CountV4Offset), v4.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(GeoBlob.CountV6Offset), v6.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(GeoBlob.BytesV4Offset), partV4.Length);
        byte[] blob = [.. header, .. partV4, .. partV6];
        BinaryPrimitives.WriteUInt32LittleEndian(
            blob.AsSpan(GeoBlob.ChecksumOffset), GeoBlob.Checksum(blob.AsSpan(GeoBlob.DayOffset)));
        return blob;
    }

    private static byte[] Part((ulong Start, Country Country)[] ranges, int addressBits)
    {
        Step[] steps = [.. Steps(ranges, addressBits)];
        CodeSetWriter stepCodes = CodeSetWriter.For(
            GeoSteps.Contexts(addressBits), GeoSteps.Symbols, steps.Select(static s => (s.Context, s.Symbol)), StepCodesMax);
        CodeSetWriter countryCodes = CodeSetWriter.For(
            Country.Count, Country.Count,
            steps.Where(static s => s.WritesCountry).Select(static s => (s.CountryBefore, s.Country)), CountryCodesMax);
        BitWriter writer = new();
        stepCodes.WriteCodes(writer);
        countryCodes.WriteCodes(writer);
        BitWriter pieces = new();
        for (int first = 0; first < steps.Length; first += GeoPart.PieceRanges)
        {
            int begin = pieces.BitCount;
            foreach (Step step in steps.AsSpan(first, Math.Min(GeoPart.PieceRanges, steps.Length - first)))
            {
                stepCodes.Write(pieces, step.Context, step.Symbol);
                pieces.Write(step.Between, step.BetweenBits);
                if (step.WritesCountry) { countryCodes.Write(pieces, step.CountryBefore, step.Country); }
            }

            writer.Write(ranges[first].Start, addressBits);
            writer.Write((ulong)(pieces.BitCount - begin), GeoPart.PieceLengthBits);
        }

        writer.Append(pieces);
        return writer.ToArray(BitReader.SpareBytes);
    }

    private static IEnumerable<Step> Steps((ulong Start, Country Country)[] ranges, int addressBits)
    {
        (int last, int before) = (0, 0);
        (int lastHighest, int highestBefore) = (0, 0);
        for (int i = 0; i < ranges.Length; i++)
        {
            if (i % GeoPart.PieceRanges == 0) { (last, before, lastHighest, highestBefore) = (0, 0, 0, 0); }
            ulong end = i + 1 < ranges.Length ? ranges[i + 1].Start : 1UL << addressBits;
            ulong length = end - ranges[i].Start;
            int highest = BitOperations.Log2(length);
            int lowest = BitOperations.TrailingZeroCount(length);
            int country = ranges[i].Country.Index;
            int betweenBits = Math.Max(0, highest - lowest - 1);
            yield return new Step(
                GeoSteps.Context(ranges[i].Start, highestBefore, addressBits),
                GeoSteps.Symbol(highest, lowest, country == before),
                (length >> (lowest + 1)) & ((1UL << betweenBits) - 1), betweenBits, last, country, country != before);
            (last, before) = (country, last);
            (lastHighest, highestBefore) = (highest, lastHighest);
        }
    }

    private readonly record struct Step(
        int Context, int Symbol, ulong Between, int BetweenBits, int CountryBefore, int Country, bool WritesCountry);
}
