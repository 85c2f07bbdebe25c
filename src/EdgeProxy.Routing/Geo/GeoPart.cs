using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>Unpacks the ranges of one address family from a <see cref="GeoBlob"/>.</summary>
internal ref struct GeoPart
{
    private readonly int _addressBits;
    private readonly ulong _end;
    private readonly CodeSet _steps;
    private readonly CodeSet _countries;
    private BitReader _reader;
    private int _lastHighest; // Of the length of the last range, and of the one before it.
    private int _highestBefore;
    private int _last; // Countries of the last range, and of the one before it.
    private int _before;

    private GeoPart(ReadOnlySpan<byte> part, int addressBits, out bool isGood)
    {
        _reader = new BitReader(part);
        _addressBits = addressBits;
        _end = 1UL << addressBits;
        isGood = CodeSet.TryRead(ref _reader, GeoSteps.Contexts(addressBits), GeoSteps.Symbols, out _steps);
        isGood = CodeSet.TryRead(ref _reader, Country.Count, Country.Count, out _countries) && isGood;
    }

    /// <returns>False when the part is not one that was written.</returns>
    public static bool TryReadV4(ReadOnlySpan<byte> bytes, ref V4Arrays into)
    {
        GeoPart part = new(bytes, GeoSteps.V4Bits, out bool isGood);
        ulong start = 0;
        for (int i = into.Lows.Length; i > 0 && isGood; i--)
        {
            ulong next = start;
            isGood = part.TryStep(ref next, out byte country);
            if (isGood) { into.Add((uint)start, country); }
            start = next;
        }

        into.Finish();
        return isGood && part.IsWhole(start);
    }

    /// <param name="bytes">The part.</param>
    /// <param name="starts">Takes the upper 64 bits of each range's first address.</param>
    /// <param name="countries">Takes each range's country.</param>
    /// <returns>False when the part is not one that was written.</returns>
    public static bool TryReadV6(ReadOnlySpan<byte> bytes, ulong[] starts, byte[] countries)
    {
        GeoPart part = new(bytes, GeoSteps.V6Bits, out bool isGood);
        ulong start = 0;
        for (int i = 0; i < starts.Length && isGood; i++)
        {
            ulong first = start << (64 - GeoSteps.V6Bits);
            starts[i] = first;
            isGood = first is 0 or (>= GeoTable.V6First and <= GeoTable.V6Last) && part.TryStep(ref start, out countries[i]);
        }

        return isGood && part.IsWhole(start);
    }

    /// <summary>Whether the ranges filled the space and nothing is left to read.</summary>
    private readonly bool IsWhole(ulong start) => start == _end && _reader.IsAtEnd;

    /// <summary>Reads one range; <paramref name="start"/> moves to the next one's start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryStep(ref ulong start, out byte country)
    {
        country = 0;
        if (_reader.IsPastEnd || start >= _end) { return false; }
        int symbol = _steps.Take(ref _reader, GeoSteps.Context(start, _highestBefore, _addressBits));
        (int highest, int lowest) = GeoSteps.Shape(symbol);
        if (highest > _addressBits) { return false; }
        ulong length = 1UL << highest;
        int between = highest - lowest - 1;
        if (between >= 0) { length |= (1UL << lowest) | (_reader.Take(between) << (lowest + 1)); }
        start += length;
        _highestBefore = _lastHighest;
        _lastHighest = highest;

        int chosen = (symbol & 1) != 0 ? _before : _countries.Take(ref _reader, _last);
        _before = _last;
        _last = chosen;
        country = (byte)chosen;
        return true;
    }
}
