using BenchmarkDotNet.Attributes;
using EdgeProxy.Routing;

namespace EdgeProxy.Benchmarks;

/// <summary>
/// Building a table of 100,000 rows over the one before, as every reload does; the rows' texts are made here too.
/// </summary>
[MemoryDiagnoser]
public class RoutingTableBenchmarks
{
    private readonly AppIds _appIds = new();
    private readonly BackendSlots _slots = new();
    private RoutingTable? _previous;

    [Benchmark]
    public RoutingTable Build() => _previous = RoutingTables.Build(100_000, _previous, _appIds, _slots, AffinityMode.Prefer);
}
