using System.Numerics;

namespace EdgeProxy.Load;

/// <summary>
/// Latencies in nanoseconds, kept in logarithmic buckets of 128 linear steps each (the idea of HdrHistogram): any
/// value from 1 ns to 18 minutes with an error under 0.8 %, in 18 KB and without allocation.
/// </summary>
internal sealed class Histogram
{
    private const int StepBits = 7;
    private const int Steps = 1 << StepBits;
    private const int BitsMax = 40;

    private readonly long[] _counts = new long[(BitsMax - StepBits + 2) * (Steps / 2)];

    public long Count { get; private set; }

    public long MaxNs { get; private set; }

    public void Add(long ns)
    {
        ns = Math.Clamp(ns, 0, (1L << BitsMax) - 1);
        _counts[Bucket(ns)]++;
        Count++;
        MaxNs = Math.Max(MaxNs, ns);
    }

    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
        MaxNs = 0;
    }

    /// <summary>The value that a share of the latencies (0.99: 99 %) does not exceed; 0 when there are none.</summary>
    public long PercentileNs(double share)
    {
        long rank = (long)Math.Ceiling(share * Count);
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank && seen > 0)
            {
                return Math.Min(HighestOf(bucket), MaxNs);
            }
        }

        return MaxNs;
    }

    // Values below 128 have a bucket each; then every power of two is cut into 128 steps, of which the upper 64 are
    // used (the lower 64 belong to the power below).
    private static int Bucket(long ns)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)ns | 1) - (StepBits - 1));
        return shift * (Steps / 2) + (int)(ns >> shift);
    }

    private static long HighestOf(int bucket)
    {
        int shift = Math.Max(0, bucket / (Steps / 2) - 1);
        long step = bucket - shift * (Steps / 2);
        return ((step + 1) << shift) - 1;
    }
}
