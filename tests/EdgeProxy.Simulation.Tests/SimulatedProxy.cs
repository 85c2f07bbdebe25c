using EdgeProxy.DataPlane;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;
using EdgeProxy.Testing;

namespace EdgeProxy.Simulation.Tests;

/// <summary>
/// One process with one or two loops in a simulated world: clients come, backends come and go, the table changes under
/// way, faults strike, and after every turn what must always hold is checked. All of it follows from the seed.
/// </summary>
internal sealed partial class SimulatedProxy : IDisposable
{
    private const long NsPerMs = 1_000_000;
    private const long BusyDaysMs = 1_500; // Clients come and things happen for so long.
    private const long PatienceMs = 400_000; // And after so long everyone must be through: the kernel's own longest timer and some.
    private const long SliceNsMax = 5 * NsPerMs;

    private readonly WorldPlan _plan;
    private readonly ulong _seed;
    private readonly SimulatedHost _host;
    private readonly AppIds _appIds = new();
    private readonly BackendSlots _slots = new();
    private readonly Published<RoutingTable> _tables;
    private readonly Router _router;
    private readonly ConnectionBudget _budget;
    private readonly List<SimulatedLoop> _loops = [];
    private readonly List<PlannedBackend> _backends = [];
    private readonly List<Peer> _clients = [];
    private readonly List<ConnectionRecord> _records = [];
    private readonly List<Action> _atEnd = [];
    private readonly long _startNs;
    private int _clientsToCome;

    public SimulatedProxy(ulong seed, Weather weather)
    {
        _seed = seed;
        _plan = new WorldPlan(seed, weather);
        _host = new SimulatedHost(seed, _plan.Simulation);
        foreach (PlannedApp app in _plan.Apps) { AddBackends(app); }
        _tables = new Published<RoutingTable>(BuildTable(null));
        _router = new Router(_tables, new Published<GeoTable>(GeoTable.Empty), _slots, new BindingTable(1_000, seed));
        _budget = new ConnectionBudget(_plan.ConnectionsMax, _plan.Simulation.Backlog + 1);
        for (int i = 0; i < _plan.Loops; i++)
        {
            SimulatedIo engine = _host.Engine;
            CheckedIo io = i == 0 ? _host.Io : _host.AddEngine(out engine);
            LoopSettings settings = _plan.Loop with { Seed = seed + (ulong)i };
            _loops.Add(new SimulatedLoop(io, engine, _router, settings, _budget));
        }

        foreach (PlannedApp app in _plan.Apps) { _loops.ForEach(l => Listen(l, app)); }
        _startNs = Time.NowNs;
        PlanClients();
        PlanEvents();
    }

    /// <summary>Changes with anything that happened: equal for two runs of one seed, and for nothing else.</summary>
    public ulong Trace { get; private set; } = 0xCBF2_9CE4_8422_2325;

    /// <summary>What the run was worth: for a test that sees to it that the world is not a dull one.</summary>
    public WorldTally Tally { get; } = new();

    private VirtualTime Time => _host.World.Time;

    private Dice Dice => _plan.Dice;

    private bool Storm => _plan.Weather == Weather.Storm;

    public void Run()
    {
        long sliceNs = 10_000;
        bool calmed = false;
        while (_clientsToCome > 0 || Connections > 0 || !_host.Peers.TrueForAll(static p => p.IsDone))
        {
            long elapsedMs = (Time.NowNs - _startNs) / NsPerMs;
            if (elapsedMs > PatienceMs) { throw Failed("somebody is starved: not everyone is through"); }
            if (elapsedMs > BusyDaysMs && !calmed)
            {
                calmed = true;
                _atEnd.ForEach(static a => a());
                _host.World.Faults = FaultRates.None;
            }

            bool moved = false;
            foreach (SimulatedLoop loop in _loops) { moved |= Turn(loop, _loops.Count == 1 ? SliceNsMax : sliceNs); }
            sliceNs = moved ? 10_000 : Math.Min(sliceNs * 2, SliceNsMax); // Both loops live in one time: they take turns.
        }

        Stop();
        CheckEnd();
    }

    public void Dispose() => _loops.ForEach(static l => l.Io.Dispose());

    public ScenarioException Failed(string what, Exception? inner = null) => new(
        $"{_plan.Weather}, seed {_seed} ({SimulationSeeds.Variable}={_seed} runs it alone), "
        + $"{(Time.NowNs - _startNs) / 1000} us: {what}{Environment.NewLine}"
        + $"{_loops.Count} loops, faults [{_host.World.Faults}], {Connections} connections, {_records.Count} records: "
        + string.Join(", ", _records.CountBy(static r => r.Reason).Select(static c => $"{c.Key} {c.Value}"))
        + Environment.NewLine + string.Join(Environment.NewLine, _host.Peers.Where(static p => !p.IsDone || p.Failure is not null).Take(12))
        + (inner is null ? "" : Environment.NewLine + inner));

    private int Connections => _loops.Sum(static l => l.Loop.ConnectionCount);

    private bool Turn(SimulatedLoop loop, long sliceNs)
    {
        long events = Time.EventsRun;
        try
        {
            loop.Loop.RunTurn(sliceNs);
        }
        catch (Exception e) when (e is ContractException or SimulationException or ScenarioException)
        {
            throw Failed(e.Message, e);
        }

        while (loop.Records.TryRead(out ConnectionRecord record)) { Take(record); }
        Note((ulong)Time.NowNs);
        Note((ulong)(loop.Counters.UploadBytes + loop.Counters.DownloadBytes + loop.Counters.Accepted));
        CheckTurn(loop);
        return Time.EventsRun != events;
    }

    private void Take(in ConnectionRecord record)
    {
        _records.Add(record);
        Note((ulong)record.Reason | ((ulong)record.Phase << 8) | ((ulong)record.Attempts << 16));
        Note((ulong)record.TotalUs);
        Note((ulong)record.UploadBytes);
        Note((ulong)record.DownloadBytes);
        CheckRecord(record);
    }

    private void Note(ulong value) => Trace = (Trace ^ value) * 0x0000_0100_0000_01B3;

    private void PlanClients()
    {
        for (int i = 0; i < _plan.Clients; i++)
        {
            _clientsToCome++;
            PlannedApp app = _plan.Apps[Dice.Below(_plan.Apps.Count)];
            string script = ScriptDraw.Client(Dice, _plan.Weather, app);
            Time.After(Dice.Below((int)BusyDaysMs) * NsPerMs, () => Dial(app, script));
        }
    }

    private void Dial(PlannedApp app, string script)
    {
        _clientsToCome--;
        SimulatedLoop loop = _loops[Dice.Below(_loops.Count)];
        if (!loop.Listeners.TryGetValue(app.Name, out (Fd Fd, SocketAddress Address) listener)) { return; }
        SocketAddress from = SocketAddress.From(0, 0xFFFF_0A00_0000u + (ulong)Dice.Below(30), _host.World.Network.NewPort());
        Peer peer = _host.NewPeer($"client {_clients.Count} '{script}'", script, tolerant: Storm);
        _clients.Add(peer);
        _host.Start(peer, _host.Dial(listener.Address, from));
    }

    private void Listen(SimulatedLoop loop, PlannedApp app)
    {
        SocketAddress address = _host.NewAddress();
        Fd listener = loop.Engine.Listen(address);
        loop.Listeners[app.Name] = (listener, address);
        bool known = _appIds.TryGetOrAdd(app.Name, out int id);
        Invariant.Holds(known);
        loop.Loop.PostListener(listener, id);
    }

    private void Stop()
    {
        foreach (SimulatedLoop loop in _loops)
        {
            foreach ((Fd fd, _) in loop.Listeners.Values) { loop.Loop.PostRemoveListener(fd); }
        }

        for (int i = 0; i < 50; i++) { _loops.ForEach(l => Turn(l, NsPerMs)); }
        foreach (SimulatedLoop loop in _loops)
        {
            loop.Loop.PostStop();
            loop.Loop.Run();
        }
    }
}
