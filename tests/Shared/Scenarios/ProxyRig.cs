using System.Text;
using EdgeProxy.DataPlane;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.Testing;

/// <summary>
/// One loop of the proxy on one engine, with scripted clients and backends around it, driven turn by turn by the test.
/// At the end everything that must hold of any run is checked (<see cref="RigChecks"/>).
/// </summary>
public sealed class ProxyRig : IDisposable
{
    private readonly RigOptions _options;
    private readonly AppIds _appIds = new();
    private readonly BackendSlots _slots = new();
    private readonly Published<RoutingTable> _tables;
    private readonly List<RigBackend> _backends = [];
    private readonly RecordRing _ring = new(1 << 12);
    private readonly SocketAddress _address;
    private readonly Fd _listener;

    public ProxyRig(Poller poller, RigOptions options)
    {
        _options = options;
        Policy = options.Policy;
        Poller = poller;
        Host = TestHost.Create(poller, options.Seed, options.Simulation, options.Io);
        _tables = new Published<RoutingTable>(Build());
        Router = new Router(
            _tables, new Published<GeoTable>(GeoTable.Empty), _slots, new BindingTable(10_000, options.Seed));
        Budget = new ConnectionBudget(options.ConnectionsMax, options.Simulation.Backlog + 1);
        LoopSettings settings = options.Loop with { RecordEvery = 1, Seed = options.Seed };
        Loop = new Loop(Host.Io, Router, settings, Budget, Counters, _ring);
        _listener = Host.Listen(out _address);
        Loop.PostListener(_listener, _tables.Current.Apps[0].Id);
    }

    public Poller Poller { get; }

    /// <summary>Of the one app; to be published.</summary>
    public AppPolicy Policy { get; set; }

    public TestHost Host { get; }

    internal Loop Loop { get; }

    public Router Router { get; }

    public ConnectionBudget Budget { get; }

    public LoopCounters Counters { get; } = new();

    public IReadOnlyList<RigBackend> Backends => _backends;

    public List<Peer> Clients { get; } = [];

    /// <summary>Of every connection that has ended, in the order of their ends.</summary>
    public List<ConnectionRecord> Records { get; } = [];

    /// <summary>The simulated world; only with <see cref="Poller.Simulated"/>.</summary>
    public SimulatedWorld World => ((SimulatedHost)Host).World;

    /// <summary>What to say when something is wrong.</summary>
    public string Context => $"{Poller}, seed {_options.Seed} ({SeedRange.Variable}={_options.Seed} runs it alone)";

    /// <summary>Adds a backend whose every connection plays <paramref name="script"/>; to be published.</summary>
    public RigBackend AddBackend(string script, bool tolerant = false) => AddBackend(_ => script, tolerant);

    /// <summary>Adds a backend whose n-th connection plays what <paramref name="script"/> says of n.</summary>
    public RigBackend AddBackend(Func<int, string> script, bool tolerant = false)
    {
        RigBackend? backend = null;
        string id = $"b{_backends.Count}";
        SocketAddress address = Host.OpenPort(_ =>
        {
            int number = backend!.Peers.Count;
            Peer peer = Host.NewPeer($"{id}.{number}", script(number), tolerant);
            backend.Peers.Add(peer);
            return peer;
        });
        backend = new RigBackend(id, address);
        _backends.Add(backend);
        return backend;
    }

    /// <summary>Adds a backend that is only an address: one that refuses, or never answers.</summary>
    public RigBackend AddBackend(SocketAddress address)
    {
        RigBackend backend = new($"b{_backends.Count}", address);
        _backends.Add(backend);
        return backend;
    }

    /// <summary>Publishes a table of the backends as they are now.</summary>
    public void Publish()
    {
        _tables.Publish(Build());
        Router.Settle();
    }

    public Peer AddClient(string script, bool tolerant = false, SocketAddress? from = null)
    {
        Peer peer = Host.NewPeer($"client {Clients.Count}", script, tolerant);
        Clients.Add(peer);
        Host.Start(peer, Host.Dial(_address, from));
        return peer;
    }

    /// <summary>Turns until the condition holds; fails when it never does.</summary>
    public void RunUntil(Func<bool> condition)
    {
        while (!condition())
        {
            if (Host.IsOverdue) { throw Failed("nothing gets on any more"); }
            Turn();
        }
    }

    /// <summary>Turns until no peer has moved a byte for a while: everything that can be full is.</summary>
    public void RunUntilStuck()
    {
        const int StillTurns = 50;
        long moved = -1;
        for (int still = 0; still < StillTurns; still++)
        {
            Turn();
            long now = Host.Peers.Sum(static p => p.Sent + p.Received);
            if (now != moved) { still = 0; }
            moved = now;
        }
    }

    /// <summary>Runs until every peer is through and no connection is left, then checks the run.</summary>
    public void RunToEnd()
    {
        RunUntil(() => Host.Peers.TrueForAll(static p => p.IsDone) && Loop.ConnectionCount == 0);
        Stop();
        RigChecks.Check(this);
    }

    public void StopAccepting() => Loop.PostRemoveListener(_listener);

    public void Turn()
    {
        try
        {
            Loop.RunTurn(Host.WaitNs);
        }
        catch (Exception e) when (e is ContractException or SimulationException)
        {
            throw Failed(e.Message, e);
        }

        Host.StepPeers();
        while (_ring.TryRead(out ConnectionRecord record)) { Records.Add(record); }
        if (Host.Failure is { } failure) { throw Failed(failure); }
    }

    public int SeatsTaken(RigBackend backend) => _slots.Connections(SlotOf(backend));

    public SlotTotals Totals(RigBackend backend) => _slots.Totals(SlotOf(backend));

    public ScenarioException Failed(string what, Exception? inner = null) => new(
        $"{Context}: {what}{Environment.NewLine}{Host.Describe()}{Environment.NewLine}"
        + $"{Loop.ConnectionCount} connections, accepted {Counters.Accepted}, closed: "
        + string.Join(", ", Records.CountBy(static r => r.Reason).Select(static c => $"{c.Key} {c.Value}"))
        + (inner is null ? "" : Environment.NewLine + inner.StackTrace));

    public void Dispose() => Host.Dispose();

    private void Stop()
    {
        StopAccepting();
        for (int i = 0; i < 20; i++) { Loop.RunTurn(1_000_000); }
        Loop.PostStop();
        Loop.Run();
    }

    private int SlotOf(RigBackend backend) => _slots.Find(Encoding.UTF8.GetBytes(backend.Id));

    private RoutingTable Build()
    {
        RoutingDefaults defaults = new()
        {
            PopRegion = "eu",
            Policy = Policy,
            Listeners = [new IpEndpoint(IpAddress.FromV4(0x7F00_0001), 1)],
        };
        RoutingTableBuilder builder = new(_tables?.Current, _appIds, _slots, defaults);
        foreach (RigBackend backend in _backends)
        {
            builder.AddBackend(new BackendRow
            {
                Id = Encoding.UTF8.GetBytes(backend.Id),
                App = "default"u8,
                Region = "eu"u8,
                WgIp = Encoding.UTF8.GetBytes(new IpAddress(backend.Address.High, backend.Address.Low).ToString()),
                Port = backend.Address.Port,
                Healthy = backend.Healthy,
                Weight = backend.Weight,
                SoftLimit = 10,
                HardLimit = backend.HardLimit,
                Deleted = backend.Deleted,
            });
        }

        RoutingTable? table = builder.Build(out IReadOnlyList<RowProblem> problems);
        return table is not null && problems.Count == 0
            ? table
            : throw new ScenarioException($"the rig's own table: {string.Join("; ", problems)}");
    }
}
