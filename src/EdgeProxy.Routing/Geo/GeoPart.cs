using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>Unpacks the ranges of one address family from a <see cref="GeoBlob"/>.</summary>
internal readonly ref struct GeoPart
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _addressBits;
    private readonly int _begin; // In bits: after the codes.
    private readonly CodeSet _steps;
    private readonly CodeSet _countries;

    private GeoPart(ReadOnlySpan<byte> part, int addressBits, out bool isGood)
    {
        BitReader reader = new(part);
        CodeSet? steps = CodeSet.Read(ref reader, GeoSteps.Contexts(addressBits), GeoSteps.Symbols);
        CodeSet? countries = steps is null ? null : CodeSet.Read(ref reader, Country.Count, Country.Count);
        isGood = countries is not null;
        _bytes = part;
        _addressBits = addressBits;
        _begin = reader.Position;
        _steps = steps!; // Read only when all is good.
        _countries = countries!;
    }

    /// <returns>False when the part is not one that was written.</returns>
    public static bool TryReadV4(ReadOnlySpan<byte> bytes, ref V4Arrays into)
    {
        GeoPart part = new(bytes, GeoSteps.V4Bits, out bool isGood);
        isGood = isGood && part.TryRead(into.Lows.Length, ref into);
        into.Finish();
        return isGood;
    }

    /// <returns>False when the part is not one that was written.</returns>
    public static bool TryReadV6(ReadOnlySpan<byte> bytes, ref V6Arrays into)
    {
        GeoPart part = new(bytes, GeoSteps.V6Bits, out bool isGood);
        return isGood && part.TryRead(into.Starts.Length, ref into) && into.IsGood;
    }

    /// <summary>
    /// All ranges of the part. What the next range waits for is a chain of look, table, shift: it is kept in registers,
    /// in one look per range where that has bits enough, and without branches on what is as good as random.
    /// </summary>
    private bool TryRead<TArrays>(int count, ref TArrays into)
        where TArrays : struct, IRangeArrays
    {
        ReadOnlySpan<byte> bytes = _bytes;
        CodeSet steps = _steps;
        CodeSet countries = _countries;
        int addressBits = _addressBits;
        int limit = (bytes.Length - BitReader.SpareBytes) * 8;
        ulong end = 1UL << addressBits;
        ulong start = 0;
        int position = _begin;
        int lastHighest = 0; // Of the length of the last range, and of the one before it.
        int highestBefore = 0;
        int last = 0; // Countries of the last range, and of the one before it.
        int before = 0;
        for (int i = 0; i < count; i++)
        {
            if (position > limit || start >= end) { return false; }
            ulong look = BitReader.Look(bytes, position);
            int entry = steps.Find(look, GeoSteps.Context(start, highestBefore, addressBits));
            int used = CodeSet.LengthOf(entry);
            int symbol = CodeSet.SymbolOf(entry);
            (int highest, int lowest) = GeoSteps.Shape(symbol);
            if (highest > addressBits) { return false; }

            // One that has a single bit has none between, and its lowest is its highest.
            int between = Math.Max(0, highest - lowest - 1);
            if (used + between > BitReader.LookBits - CodeSet.CodeBits)
            {
                position += used;
                used = 0;
                look = BitReader.Look(bytes, position);
            }

            ulong middle = ((look << used) >> 1) >> (63 - between);
            used += between;
            if (used > BitReader.LookBits - CodeSet.CodeBits)
            {
                position += used;
                used = 0;
                look = BitReader.Look(bytes, position);
            }

            int country = countries.Find(look << used, last);
            bool isBefore = (symbol & 1) != 0;
            int chosen = isBefore ? before : CodeSet.SymbolOf(country);
            used += isBefore ? 0 : CodeSet.LengthOf(country);
            position += used;
            before = last;
            last = chosen;
            into.Add(start, (byte)chosen);
            start += (1UL << highest) | (1UL << lowest) | (middle << (lowest + 1));
            highestBefore = lastHighest;
            lastHighest = highest;
        }

        return start == end && (position + 7) / 8 == bytes.Length - BitReader.SpareBytes;
    }
}
