using BenchmarkDotNet.Attributes;
using EdgeProxy.Routing;

namespace EdgeProxy.Benchmarks;

/// <summary>
/// Country look-ups of random addresses: in the real country file when GEO_FILE names one (scripts/bench-micro fetches
/// it), else in a made-up table with as many ranges, which it says.
/// </summary>
[MemoryDiagnoser]
public class GeoLookupBenchmarks
{
    private const int Batch = 1 << 14;
    private readonly IpAddress[] _v4 = new IpAddress[Batch];
    private readonly IpAddress[] _v6 = new IpAddress[Batch];
    private GeoTable _table = GeoTable.Empty;

    [GlobalSetup]
    public void Load()
    {
        _table = GeoTables.Load();
        Console.WriteLine($"// geo table: {_table.Source}, {_table.RangeCount} ranges");
        Random random = new(1);
        (ulong Start, Country Country)[] ranges = [.. _table.RangesV6()];
        for (int i = 0; i < Batch; i++)
        {
            _v4[i] = IpAddress.FromV4((uint)random.NextInt64(1L << 32));
            _v6[i] = new IpAddress(ranges[random.Next(ranges.Length)].Start + 1, 1); // Where there are addresses at all.
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int V4() => Sum(_v4);

    [Benchmark(OperationsPerInvoke = Batch)]
    public int V6() => Sum(_v6);

    private int Sum(IpAddress[] addresses)
    {
        int sum = 0;
        foreach (ref readonly IpAddress address in addresses.AsSpan()) { sum += _table.Find(address).Index; }
        return sum;
    }
}
