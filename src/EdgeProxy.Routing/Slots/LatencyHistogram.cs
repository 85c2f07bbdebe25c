namespace EdgeProxy.Routing;

/// <summary>
/// How long connecting took, in fixed buckets. Counted by any loop, read by anyone; nothing is allocated.
/// </summary>
public sealed class LatencyHistogram
{
    private static readonly long[] s_upperBoundsNs =
    [
        50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000,
        100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000,
    ];

    private readonly long[] _counts = new long[s_upperBoundsNs.Length + 1];
    private long _sumNs;

    /// <summary>Inclusive upper bounds of all buckets but the last, which has none; nanoseconds, ascending.</summary>
    public static ReadOnlySpan<long> UpperBoundsNs => s_upperBoundsNs;

    /// <summary>Sum of everything counted, in nanoseconds.</summary>
    public long SumNs => Volatile.Read(ref _sumNs);

    /// <summary>What fell into one bucket (not into those below it).</summary>
    public long Count(int bucket) => Volatile.Read(ref _counts[bucket]);

    internal void Add(long ns)
    {
        int bucket = 0;
        while (bucket < s_upperBoundsNs.Length && ns > s_upperBoundsNs[bucket]) { bucket++; }
        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _sumNs, ns);
    }

    internal void Clear()
    {
        Array.Clear(_counts);
        Volatile.Write(ref _sumNs, 0);
    }
}
