using BenchmarkDotNet.Attributes;
using EdgeProxy.Routing;

namespace EdgeProxy.Benchmarks;

/// <summary>
/// A whole decision for a client nobody knows: place looked up, no binding found, best backend chosen, seat taken. The
/// clients are random, many, and strangers among those that are bound, so caches are as cold as in production.
/// </summary>
[MemoryDiagnoser]
public class RouterBenchmarks
{
    private const int Batch = 1 << 12;

    /// <summary>Clients before one comes again: nothing of theirs is left in the nearest caches by then.</summary>
    private const int Clients = 1 << 18;

    private const int BoundClients = 200_000;

    private readonly IpAddress[] _clients = new IpAddress[Clients];
    private RoutingTable _table = null!;
    private Router _router = null!;
    private RoutingTable _openTable = null!;
    private Router _openRouter = null!;
    private uint _random;
    private int _app;
    private int _next;

    [Params(10, 100_000)]
    public int Backends { get; set; }

    [GlobalSetup]
    public void Build()
    {
        Random random = new(1);
        for (int i = 0; i < Clients; i++) { _clients[i] = IpAddress.FromV4((uint)random.NextInt64(1L << 32)); }
        _router = MakeRouter(random, out _table, hardLimit: 150);
        _openRouter = MakeRouter(random, out _openTable, hardLimit: 0);
        _app = _table.Apps[0].Id;
    }

    /// <summary>The decision alone. Nobody leaves and no backend fills up, so each pick is in a table a little fuller.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public int Pick()
    {
        int sum = 0;
        foreach (ref readonly IpAddress client in NextClients())
        {
            AttemptHistory history = default;
            sum += _openRouter.Pick(_openTable, _app, client, 1, _random += 0x9E37_79B9, ref history).Slot;
        }

        return sum;
    }

    /// <summary>The decision and the end of its connection, which gives the seat back.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public int PickAndRelease()
    {
        int sum = 0;
        foreach (ref readonly IpAddress client in NextClients())
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
        foreach (ref readonly IpAddress client in NextClients()) { sum += _router.Locate(_table, client).Region; }
        return sum;
    }

    private ReadOnlySpan<IpAddress> NextClients()
    {
        _next = (_next + Batch) & (Clients - 1);
        return _clients.AsSpan(_next, Batch);
    }

    /// <summary>A router that keeps many other clients on its backends.</summary>
    private Router MakeRouter(Random random, out RoutingTable table, int hardLimit)
    {
        BackendSlots slots = new();
        table = RoutingTables.Build(Backends, null, new AppIds(), slots, AffinityMode.Prefer, hardLimit);
        BindingTable bindings = new(1_000_000, 1);
        for (int i = 0; i < BoundClients; i++)
        {
            IpAddress stranger = IpAddress.FromV4((uint)random.NextInt64(1L << 32));
            bindings.Bind(table.Apps[0].Id, stranger, table.Records[i % Backends].Slot, 1);
        }

        return new Router(
            new Published<RoutingTable>(table), new Published<GeoTable>(GeoTables.Load()), slots, bindings);
    }
}
