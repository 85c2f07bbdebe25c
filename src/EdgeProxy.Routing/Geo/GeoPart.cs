namespace EdgeProxy.Routing;

/// <summary>
/// The packed ranges of one address family of a <see cref="GeoBlob"/>. They are in pieces that can be unpacked each on
/// its own, so an address is found without unpacking the rest.
/// </summary>
internal sealed class GeoPart
{
    /// <summary>
    /// Ranges of a piece, but the last: few enough to unpack for one answer, and a place of 9 bytes to find each.
    /// </summary>
    public const int PieceRanges = 1 << 11;

    /// <summary>
    /// Bits of a piece's length in bits. None has more: 69 a range, two words of <see cref="CodeSet.CodeBits"/> and
    /// what is between the highest and the lowest bit.
    /// </summary>
    public const int PieceLengthBits = 18;

    private readonly byte[] _blob;
    private readonly int _from;
    private readonly int _length;
    private readonly int _addressBits;
    private readonly CodeSet _steps;
    private readonly CodeSet _countries;

    /// <summary>Where each piece starts, as an address and as a bit of the part; one more at the end.</summary>
    private readonly ulong[] _starts;
    private readonly int[] _positions;

    private GeoPart(
        byte[] blob, int from, int length, int addressBits, int count,
        CodeSet steps, CodeSet countries, ulong[] starts, int[] positions)
    {
        _blob = blob;
        _from = from;
        _length = length;
        _addressBits = addressBits;
        Count = count;
        _steps = steps;
        _countries = countries;
        _starts = starts;
        _positions = positions;
    }

    /// <summary>Ranges of the part.</summary>
    public int Count { get; }

    /// <returns>Null when the part is not one that was written.</returns>
    public static GeoPart? Read(byte[] blob, int from, int length, int addressBits, int count)
    {
        BitReader reader = new(blob.AsSpan(from, length));
        CodeSet? steps = CodeSet.Read(ref reader, GeoSteps.Contexts(addressBits), GeoSteps.Symbols);
        CodeSet? countries = steps is null ? null : CodeSet.Read(ref reader, Country.Count, Country.Count);
        if (countries is null) { return null; }
        int pieces = (count + PieceRanges - 1) / PieceRanges;
        ulong[] starts = new ulong[pieces + 1];
        int[] positions = new int[pieces + 1];
        for (int piece = 0; piece < pieces; piece++)
        {
            if (reader.IsPastEnd) { return null; }
            starts[piece] = reader.Take(addressBits);
            positions[piece + 1] = (int)reader.Take(PieceLengthBits);
            if (piece == 0 ? starts[0] != 0 : starts[piece] <= starts[piece - 1]) { return null; }
        }

        starts[pieces] = 1UL << addressBits;
        positions[0] = reader.Position;
        for (int piece = 0; piece < pieces; piece++) { positions[piece + 1] += positions[piece]; }
        return (positions[pieces] + 7) / 8 == length - BitReader.SpareBytes
            ? new GeoPart(blob, from, length, addressBits, count, steps!, countries, starts, positions)
            : null;
    }

    /// <summary>The country of an address of the family, by unpacking its piece up to there.</summary>
    public Country Find(ulong address)
    {
        int piece = ((ReadOnlySpan<ulong>)_starts).BinarySearch<ulong, ulong>(address); // Not the overload that boxes.
        RangeSearch search = new(address);
        _ = TryUnpack(piece < 0 ? ~piece - 1 : piece, ref search);
        return search.Country;
    }

    /// <summary>All ranges of the part.</summary>
    /// <returns>False when the part is not one that was written.</returns>
    public bool TryUnpack<TSink>(ref TSink into)
        where TSink : struct, IRangeSink
    {
        for (int piece = 0; piece < _starts.Length - 1; piece++)
        {
            if (!TryUnpack(piece, ref into)) { return false; }
        }

        return true;
    }

    /// <summary>
    /// All ranges of a piece. What the next range waits for is a chain of look, table, shift: it is kept in registers,
    /// in one look per range where that has bits enough, and without branches on what is as good as random.
    /// </summary>
    private bool TryUnpack<TSink>(int piece, ref TSink into)
        where TSink : struct, IRangeSink
    {
        ReadOnlySpan<byte> bytes = _blob.AsSpan(_from, _length);
        CodeSet steps = _steps;
        CodeSet countries = _countries;
        int addressBits = _addressBits;
        int count = Math.Min(PieceRanges, Count - (piece * PieceRanges));
        int limit = (bytes.Length - BitReader.SpareBytes) * 8;
        ulong end = _starts[piece + 1];
        ulong start = _starts[piece];
        int position = _positions[piece];
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
            if (!into.Add(start, (byte)chosen)) { return true; }
            start += (1UL << highest) | (1UL << lowest) | (middle << (lowest + 1));
            highestBefore = lastHighest;
            lastHighest = highest;
        }

        return start == end && position == _positions[piece + 1];
    }
}
