using System.Text;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;
using EdgeProxy.Testing;

namespace EdgeProxy.Simulation.Tests;

/// <summary>What happens around the connections: reloads, backends that come and go, listeners, drains, bursts of faults.</summary>
internal sealed partial class SimulatedProxy
{
    private static readonly Errno[] s_unreachable = [Errno.EHOSTUNREACH, Errno.ENETUNREACH, Errno.ETIMEDOUT];

    private void AddBackends(PlannedApp app)
    {
        int count = Dice.Between(1, 4);
        for (int i = 0; i < count; i++)
        {
            PlannedBackend backend = new($"{app.Name}-b{i}", app.Name, _host.NewAddress());
            if (Storm) { backend.LimitInForce = backend.HardLimit = Dice.Pick([0, 0, 1, 5]); }
            _backends.Add(backend);
            if (!Storm || i == 0 || Dice.Chance(700)) { OpenPort(app, backend); } // The others refuse.
        }
    }

    private void OpenPort(PlannedApp app, PlannedBackend backend)
    {
        backend.PortOpen = true;
        _host.OpenPort(backend.Address, _ =>
        {
            string script = ScriptDraw.Backend(Dice, _plan.Weather, app);
            return _host.NewPeer($"{backend.Id}.{backend.Accepted++} '{script}'", script, tolerant: Storm);
        });
    }

    private void PlanEvents()
    {
        int count = Storm ? Dice.Between(0, 40) : Dice.Between(0, 15);
        for (int i = 0; i < count; i++)
        {
            Time.After(Dice.Below((int)BusyDaysMs) * NsPerMs, Storm ? StormEvent : CalmEvent);
        }
    }

    /// <summary>Nobody loses a connection by these.</summary>
    private void CalmEvent()
    {
        PlannedBackend backend = _backends[Dice.Below(_backends.Count)];
        bool alone = _backends.Count(b => b.App == backend.App && b.Listed && b.Weight > 0) == 1;
        switch (Dice.Below(3))
        {
            case 0:
                if (!alone || backend.Weight == 0) { backend.Weight = backend.Weight == 0 ? 3 : 0; }
                break;
            case 1:
                if (!alone || !backend.Listed) { backend.Listed = !backend.Listed; }
                break;
            default:
                _backends.Reverse();
                break;
        }

        Publish();
    }

    private void StormEvent()
    {
        PlannedBackend backend = _backends[Dice.Below(_backends.Count)];
        PlannedApp app = _plan.Apps.Find(a => a.Name == backend.App)!;
        SimulatedLoop loop = _loops[Dice.Below(_loops.Count)];
        switch (Dice.Below(14))
        {
            case 0: backend.Weight = Dice.Below(3); break;
            case 1: backend.Listed = !backend.Listed; break;
            case 2: backend.Healthy = !backend.Healthy; break;
            case 3: backend.HardLimit = Dice.Below(6); break;
            case 4: _backends.Reverse(); break;
            case 5: MovePort(app, backend); break;
            case 6: BreakPath(backend); break;
            case 7: MoveListener(loop, app); break;
            case 8 when Dice.Chance(200): loop.Loop.PostCloseConnections(CloseReason.Drained); break;
            case 9: SetListed(app, !app.Listed); break;
            case 10: Burst(FaultRates.Everywhere(50)); break;
            case 11: Burst(FaultRates.Only(Dice.Pick(Enum.GetValues<Fault>()), 500)); break;
            case 12: Burst(FaultRates.Only(Fault.Accept, 1000)); break;
            default: CalmEvent(); break;
        }

        Publish();
    }

    private void MovePort(PlannedApp app, PlannedBackend backend)
    {
        if (backend.PortOpen)
        {
            backend.PortOpen = false;
            _host.ClosePort(backend.Address);
        }
        else
        {
            OpenPort(app, backend);
        }
    }

    private void BreakPath(PlannedBackend backend)
    {
        _host.World.Network.Break(backend.Address, Dice.Pick<Errno>(s_unreachable));
        Time.After(Dice.Below(400) * NsPerMs, () => _host.World.Network.Break(backend.Address, Errno.None));
    }

    private void MoveListener(SimulatedLoop loop, PlannedApp app)
    {
        if (!loop.Listeners.TryGetValue(app.Name, out (Fd Fd, SocketAddress Address) listener)) { return; } // On its way already.
        loop.Loop.PostRemoveListener(listener.Fd);
        if (Dice.Chance(700))
        {
            Listen(loop, app);
            return;
        }

        loop.Listeners.Remove(app.Name);
        Time.After(Dice.Between(1, 50) * NsPerMs, () =>
        {
            if (!loop.Listeners.ContainsKey(app.Name)) { Listen(loop, app); }
        });
    }

    private void SetListed(PlannedApp app, bool listed)
    {
        app.Listed = listed;
        if (listed) { return; }
        Time.After(Dice.Between(1, 50) * NsPerMs, () =>
        {
            app.Listed = true;
            Publish();
        });
    }

    private void Burst(FaultRates rates)
    {
        _host.World.Faults = rates;
        Time.After(Dice.Between(1, 30) * NsPerMs, () => _host.World.Faults = _plan.Faults);
    }

    private void Publish()
    {
        foreach (PlannedBackend backend in _backends)
        {
            bool unlimited = backend.HardLimit == 0 || backend.LimitInForce == 0;
            backend.LimitInForce = unlimited ? 0 : Math.Max(backend.LimitInForce, backend.HardLimit);
        }

        _tables.Publish(BuildTable(_tables.Current));
        _router.Settle();
    }

    private RoutingTable BuildTable(RoutingTable? previous)
    {
        RoutingTableBuilder builder = new(previous, _appIds, _slots, new RoutingDefaults { PopRegion = "eu" });
        foreach (PlannedApp app in _plan.Apps)
        {
            if (app.Listed) { builder.AddApp(app.Row); }
        }

        foreach (PlannedBackend backend in _backends)
        {
            if (!backend.Listed || !_plan.Apps.Exists(a => a.Name == backend.App && a.Listed)) { continue; }
            builder.AddBackend(new BackendRow
            {
                Id = Encoding.UTF8.GetBytes(backend.Id),
                App = Encoding.UTF8.GetBytes(backend.App),
                Region = "eu"u8,
                WgIp = "127.0.0.1"u8,
                Port = backend.Address.Port,
                Healthy = backend.Healthy,
                Weight = backend.Weight,
                SoftLimit = 5,
                HardLimit = backend.HardLimit,
            });
        }

        RoutingTable? table = builder.Build(out IReadOnlyList<RowProblem> problems);
        return table is not null && problems.Count == 0
            ? table
            : throw new ScenarioException($"the world's own table: {string.Join("; ", problems)}");
    }
}
