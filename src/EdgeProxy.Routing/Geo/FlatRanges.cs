namespace EdgeProxy.Routing;

/// <summary>
/// Sorted range starts, each with the country that holds up to the next start, in flat arrays without references: the
/// collector never walks them.
/// </summary>
/// <remarks>
/// IPv4 is exact. The upper 16 bits index the ranges that start inside that /16, so only the lower 16 bits of a start
/// are kept, in one word with the country: a search stays within a few cache lines, and the last of them has the
/// answer. IPv6 is exact to the /64; real allocations crowd into a few prefixes, where an index of more bits would be
/// either huge or useless, so every 64th start is sampled, and only the samples, which stay in the nearest caches, are
/// indexed by their upper 16 bits. GeoLookupBenchmarks has the figures.
/// </remarks>
internal sealed class FlatRanges : GeoRanges
{
    /// <summary>The /16 blocks of IPv4.</summary>
    public const int V4Blocks = 1 << 16;

    private const int V4LowShift = 16;

    private const int V6Blocks = 1 << 13; // The /16 blocks of 2000::/3.
    private const int V6SampleShift = 6;
    private const int V6SampleSpacing = 1 << V6SampleShift;

    private readonly int[] _v4Firsts;
    private readonly uint[] _v4Ranges;
    private readonly int[] _v6Firsts;
    private readonly ulong[] _v6Samples;
    private readonly ulong[] _v6Starts;
    private readonly byte[] _v6Countries;

    /// <param name="v4Firsts">Per /16 the index of the first range that starts in it or later; one more at the
    /// end.</param>
    /// <param name="v4Ranges">IPv4 ranges, the first from 0.0.0.0: each <see cref="RangeV4"/>.</param>
    /// <param name="v6Starts">Upper 64 bits of each IPv6 start, ascending, all within 2000::/3 but the first,
    /// 0.</param>
    /// <param name="v6Countries">Country of each IPv6 range.</param>
    public FlatRanges(int[] v4Firsts, uint[] v4Ranges, ulong[] v6Starts, byte[] v6Countries)
    {
        Invariant.Holds(v4Firsts.Length == V4Blocks + 1 && v4Firsts[0] == 0 && v4Firsts[V4Blocks] == v4Ranges.Length);
        Invariant.Holds(v4Ranges.Length > 0 && v4Ranges[0] >> V4LowShift == 0);
        Invariant.Holds(v6Starts.Length == v6Countries.Length && v6Starts.Length > 0 && v6Starts[0] == 0);
        _v4Firsts = v4Firsts;
        _v4Ranges = v4Ranges;
        _v6Starts = v6Starts;
        _v6Countries = v6Countries;
        _v6Samples = new ulong[(v6Starts.Length + V6SampleSpacing - 1) >> V6SampleShift];
        for (int i = 0; i < _v6Samples.Length; i++) { _v6Samples[i] = v6Starts[i << V6SampleShift]; }
        _v6Firsts = IndexSamples(_v6Samples);
    }

    /// <summary>A range as this keeps it: the lower 16 bits of its start above its country.</summary>
    public static uint RangeV4(uint start, byte country) => (start << V4LowShift) | country;

    public override int Count => _v4Ranges.Length + _v6Starts.Length;

    public override FlatRanges ToFlat() => this;

    /// <summary>The IPv4 ranges in order: first address and country.</summary>
    public IEnumerable<(uint Start, Country Country)> RangesV4()
    {
        for (int block = 0; block < V4Blocks; block++)
        {
            for (int i = _v4Firsts[block]; i < _v4Firsts[block + 1]; i++)
            {
                yield return (((uint)block << 16) | (_v4Ranges[i] >> V4LowShift), new Country((byte)_v4Ranges[i]));
            }
        }
    }

    /// <summary>The IPv6 ranges in order: upper half of the first address, and country.</summary>
    public IEnumerable<(ulong Start, Country Country)> RangesV6()
    {
        for (int i = 0; i < _v6Starts.Length; i++) { yield return (_v6Starts[i], new Country(_v6Countries[i])); }
    }

    public override Country FindV4(uint address)
    {
        int block = (int)(address >> 16);
        long key = (address << V4LowShift) | ((1u << V4LowShift) - 1);
        uint[] ranges = _v4Ranges;
        int at = _v4Firsts[block];
        int count = _v4Firsts[block + 1] - at;

        // The searches step by arithmetic: a branch here is a coin toss, and each wrong one costs more than a cache
        // miss. (a - b) >> 63 is all ones when a < b.
        while (count > 1)
        {
            int half = count >> 1;
            at += half & (int)((ranges[at + half - 1] - key - 1) >> 63);
            count -= half;
        }

        if (count == 1) { at -= (int)((ranges[at] - key - 1) >> 63); }
        return new Country((byte)ranges[at - 1]);
    }

    public override Country FindV6(ulong high)
    {
        int block = (int)((high - GeoTable.V6First) >> 48);
        int from = _v6Firsts[block];
        int sample = CountUpTo(_v6Samples, from, _v6Firsts[block + 1] - from, (long)high) - 1;
        int first = sample << V6SampleShift;
        int count = Math.Min(V6SampleSpacing, _v6Starts.Length - first);
        return new Country(_v6Countries[CountUpTo(_v6Starts, first, count, (long)high) - 1]);
    }

    /// <summary>
    /// The index after the last of <paramref name="count"/> ascending starts that is not above the key.
    /// </summary>
    private static int CountUpTo(ulong[] starts, int from, int count, long key)
    {
        // Three looks per step, which the processor makes at once: half the steps of a binary search, and it is the
        // steps that wait for memory. Starts and key are within 2000::/3 or 0, so the sign of a difference compares.
        int at = from;
        while (count > 3)
        {
            int quarter = count >> 2;
            int passed = (int)(((long)starts[at + quarter - 1] - key - 1) >> 63)
                + (int)(((long)starts[at + (2 * quarter) - 1] - key - 1) >> 63)
                + (int)(((long)starts[at + (3 * quarter) - 1] - key - 1) >> 63);
            at -= quarter * passed;
            count -= 3 * quarter;
        }

        while (count > 0 && (long)starts[at] <= key)
        {
            at++;
            count--;
        }

        return at;
    }

    /// <summary>Per /16 of 2000::/3 the index of the first sample in it or later; one more at the end.</summary>
    private static int[] IndexSamples(ulong[] samples)
    {
        int[] firsts = new int[V6Blocks + 1];
        int block = 0;
        for (int i = 1; i < samples.Length; i++)
        {
            while (block <= (int)((samples[i] - GeoTable.V6First) >> 48)) { firsts[block++] = i; }
        }

        while (block < firsts.Length) { firsts[block++] = samples.Length; }
        return firsts;
    }
}
