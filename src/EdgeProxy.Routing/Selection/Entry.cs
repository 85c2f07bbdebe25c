namespace EdgeProxy.Routing;

/// <summary>
/// One entry of the selection index in one word, so that one CAS replaces it: the lowest load below it (42 bits that
/// order as the load does) and the weight of the backends that have that load (21 bits, a short float). The sign bit
/// stays clear, so entries may be compared as signed numbers too.
/// </summary>
/// <remarks>
/// The load keeps 35 bits of mantissa: two loads that differ by less than 1 part in 34,000,000,000 count as equal. The
/// weight keeps 13, which is an error of 1 in 16,000 in how equals are shared.
/// </remarks>
internal static class Entry
{
    public const int TieBits = 21;

    public const long TieMask = (1L << TieBits) - 1;

    /// <summary>Nothing here takes a client; also what an empty lane holds.</summary>
    public const long None = long.MaxValue & ~TieMask;

    private const int KeyShift = 17;
    private const int MantissaBits = 52 - KeyShift;

    // The smallest load, 1 connection over (2^31 soft, 2^16 weight), has the exponent -47, the largest 31.
    private const long BaseExponent = 1023 - 63;
    private const int TieShift = 10;

    public static long Of(double load, int weight)
    {
        long key = load == 0 ? 0 : (BitConverter.DoubleToInt64Bits(load) >> KeyShift) - (BaseExponent << MantissaBits);
        return (key << TieBits) | PackTie(weight);
    }

    public static bool IsNone(long entry) => entry >= None;

    /// <summary>What orders entries: equal keys are equal loads.</summary>
    public static long Key(long entry) => entry >> TieBits;

    public static double Load(long entry)
    {
        long key = Key(entry);
        return key == 0 ? 0 : BitConverter.Int64BitsToDouble((key + (BaseExponent << MantissaBits)) << KeyShift);
    }

    public static float Tie(long entry) => BitConverter.Int32BitsToSingle((int)(entry & TieMask) << TieShift);

    /// <summary>The lowest key of several entries, with the weights of those that have it added up.</summary>
    public static long Lowest(ReadOnlySpan<long> entries)
    {
        long lowest = None;
        foreach (long entry in entries) { lowest = Math.Min(lowest, entry); }
        long key = Key(lowest);
        float tie = 0;
        foreach (long entry in entries)
        {
            if (Key(entry) == key) { tie += Tie(entry); }
        }

        return (lowest & ~TieMask) | PackTie(tie);
    }

    private static long PackTie(float weight) => (BitConverter.SingleToInt32Bits(weight) + (1 << (TieShift - 1))) >> TieShift;
}
