namespace EdgeProxy.Routing;

/// <summary>
/// One entry of the selection index in one word, so that one CAS replaces it: the lowest load below it (42 bits that
/// order as the load does) and the weight of the backends that have that load (21 bits, a short float). The sign bit
/// stays clear and the bits below it are neither all 0 nor all 1, so entries may be compared as signed numbers, and as
/// the doubles that their bits spell, among which are no zeros, no subnormals and no NaN.
/// </summary>
/// <remarks>
/// The load keeps 35 bits of mantissa: two loads that differ by less than 1 part in 34,000,000,000 count as equal. The
/// weight keeps 13, which is an error of 1 in 16,000 in how equals are shared.
/// </remarks>
internal static class Entry
{
    public const int TieBits = 21;

    /// <summary>Bits of a float that a weight goes without.</summary>
    public const int TieShift = 10;

    public const long TieMask = (1L << TieBits) - 1;

    /// <summary>Nothing here takes a client; also what an empty lane holds.</summary>
    public const long None = 0x7FE0_0000_0000_0000;

    /// <summary>Of a load of 0: below those of all others, the smallest of which has the exponent 16 here.</summary>
    private const long NoLoad = 1L << MantissaBits;

    private const int KeyShift = 17;
    private const int MantissaBits = 52 - KeyShift;

    // The smallest load, 1 connection over (2^31 soft, 2^16 weight), has the exponent -47, the largest 31.
    private const long BaseExponent = 1023 - 63;

    public static long Of(double load, int weight)
    {
        long key = load == 0
            ? NoLoad
            : (BitConverter.DoubleToInt64Bits(load) >> KeyShift) - (BaseExponent << MantissaBits);
        return (key << TieBits) | PackTie(weight);
    }

    public static bool IsNone(long entry) => entry >= None;

    /// <summary>What orders entries: equal keys are equal loads.</summary>
    public static long Key(long entry) => entry >> TieBits;

    public static double Load(long entry)
    {
        long key = Key(entry);
        return key == NoLoad ? 0 : BitConverter.Int64BitsToDouble((key + (BaseExponent << MantissaBits)) << KeyShift);
    }

    public static float Tie(long entry) => BitConverter.Int32BitsToSingle((int)(entry & TieMask) << TieShift);

    /// <summary>The weight part of an entry.</summary>
    public static long PackTie(float weight) =>
        (BitConverter.SingleToInt32Bits(weight) + (1 << (TieShift - 1))) >> TieShift;
}
