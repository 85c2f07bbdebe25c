using BenchmarkDotNet.Attributes;
using EdgeProxy.Routing;

namespace EdgeProxy.Benchmarks;

/// <summary>
/// A whole decision for a client nobody knows: place looked up, no binding found, best backend chosen, seat taken. The
/// seat is given back each time; what that costs is measured beside it, to be taken off.
/// </summary>
[MemoryDiagnoser]
public class RouterBenchmarks
{
    private const int Batch = 1 << 12;
    private readonly IpAddress[] _clients = new IpAddress[Batch];
    private RoutingTable _table = null!;
    private Router _router = null!;
    private uint _random;
    private int _app;

    [Params(10, 100_000)]
    public int Backends { get; set; }

    [GlobalSetup]
    public void Build()
    {
        BackendSlots slots = new();
        _table = RoutingTables.Build(Backends, null, new AppIds(), slots, AffinityMode.Prefer);
        _app = _table.Apps[0].Id;
        _router = new Router(
            new Published<RoutingTable>(_table), new Published<GeoTable>(GeoTables.Load()), slots, new BindingTable(1_000_000, 1));
        Random random = new(1);
        for (int i = 0; i < Batch; i++) { _clients[i] = IpAddress.FromV4((uint)random.NextInt64(1L << 32)); }
    }

    /// <summary>The decision and the end of its connection, which gives the seat back.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public int PickAndRelease()
    {
        int sum = 0;
        foreach (ref readonly IpAddress client in _clients.AsSpan())
        {
            AttemptHistory history = default;
            RoutePick pick = _router.Pick(_table, _app, client, 1, _random += 0x9E37_79B9, ref history);
            _router.Release(_table, _app, client, pick.Slot, 1);
            sum += pick.Slot;
        }

        return sum;
    }

    /// <summary>
    /// What the end alone costs: a seat taken and given back by the same two steps, with nothing decided.
    /// </summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public int SeatAndRelease()
    {
        int sum = 0;
        for (int i = 0; i < Batch; i++)
        {
            int backend = i % _table.BackendCount;
            int slot = _table.Records[backend].Slot;
            if (_router.Slots.TryReserve(slot, 0)) { sum++; }
            _table.Selection.Refresh(backend);
            _router.Release(_table, _app, _clients[i], slot, 1);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int Locate()
    {
        int sum = 0;
        foreach (ref readonly IpAddress client in _clients.AsSpan()) { sum += _router.Locate(_table, client).Region; }
        return sum;
    }
}
