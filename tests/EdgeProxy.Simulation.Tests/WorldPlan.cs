using EdgeProxy.DataPlane;
using EdgeProxy.Routing;
using EdgeProxy.Testing;

namespace EdgeProxy.Simulation.Tests;

/// <summary>How one simulated world is made, all of it drawn from the seed.</summary>
internal sealed class WorldPlan
{
    private static readonly Fault[] s_harmless =
    [
        Fault.Accept, Fault.NoBuffer, Fault.Disarm, Fault.EarlyPoll, Fault.EmptyWait, Fault.OpenPipe, Fault.Set,
        Fault.SetCongestion, Fault.LocalAddress, Fault.UnsentBytes,
    ];

    public WorldPlan(ulong seed, Weather weather)
    {
        Dice dice = new(seed ^ 0x5EED_0F_9A11);
        Dice = dice;
        Weather = weather;
        Loops = dice.Between(1, 2);
        Clients = dice.Between(60, 160);
        bool storm = weather == Weather.Storm;
        Faults = dice.Chance(200) ? FaultRates.None : storm ? FaultRates.Some(dice) : Harmless(dice);
        Simulation = new SimulationSettings
        {
            BufferBytes = dice.Pick([4 * 1024, 16 * 1024]),
            BuffersMax = storm ? dice.Pick([16, 128, 1024]) : 2048,
            SendBufferBytes = dice.Pick([8 * 1024, 64 * 1024, 256 * 1024]),
            ReceiveBufferBytes = dice.Pick([8 * 1024, 64 * 1024, 256 * 1024]),
            PipeBytesMax = dice.Pick([4 * 1024, 64 * 1024, 1024 * 1024]),
            DescriptorsMax = storm ? dice.Pick([24, 96, 1024]) : 1024,
            Backlog = dice.Pick([4, 128]),
            DelayNs = dice.Pick([5_000L, 50_000, 500_000]),
            Faults = Faults,
        };
        ConnectionsMax = storm || dice.Chance(500) ? dice.Pick([10, 40, 1000]) : 1000;
        Loop = new LoopSettings
        {
            BulkAfterBytes = dice.Pick([0, 32 * 1024, 32 * 1024, 128 * 1024]),
            BackendCongestion = dice.Between(-1, 0),
            RecordEvery = 1,
            Seed = seed,
        };
        for (int i = dice.Between(1, 3); i > 0; i--) { Apps.Add(new PlannedApp(App(dice, storm, $"app{i}", i))); }
    }

    /// <summary>For what is drawn while the world runs.</summary>
    public Dice Dice { get; }

    public Weather Weather { get; }

    public int Loops { get; }

    public int Clients { get; }

    public int ConnectionsMax { get; }

    public FaultRates Faults { get; }

    public SimulationSettings Simulation { get; }

    public LoopSettings Loop { get; }

    public List<PlannedApp> Apps { get; } = [];

    private static FaultRates Harmless(Dice dice)
    {
        FaultRates rates = FaultRates.None;
        foreach (Fault fault in s_harmless)
        {
            if (dice.Chance(400)) { rates = rates.With(fault, dice.Pick([1, 5, 20, 100])); }
        }

        return rates;
    }

    private static AppRow App(Dice dice, bool storm, string name, int port) => new()
    {
        Name = name,
        Listen = $"127.0.0.1:{port}",
        ConnectTimeoutSecs = storm ? dice.Pick([0, 0.05, 1.0]) : 0,
        ConnectDeadlineSecs = storm ? dice.Pick([0, 0.2, 3.0]) : 0,
        ConnectAttempts = dice.Between(1, 4),
        IdleTimeoutSecs = storm ? dice.Pick([0.5, 2.0, 4.0]) : 0,
        HalfClosedTimeoutSecs = storm ? dice.Pick([0.3, 2.0, 4.0]) : 0,
        LifetimeSecs = storm ? dice.Pick([0, 0, 1.0, 15.0]) : 0,
        ProxyProtocol = dice.Pick(["off", "off", "optional", "required"]),
        ProxyProtocolTrusted = "0.0.0.0/0, ::/0",
        ProxyHeaderTimeoutSecs = storm ? dice.Pick([0.1, 1.0]) : 60,
        SendProxyProtocol = dice.Pick(["off", "off", "v1", "v2"]),
        ProxyTlvs = "checksum, unique_id, pop_region",
        Affinity = storm ? dice.Pick(["prefer", "require", "none"]) : "prefer",
        BindingTtlSecs = 5,
        ResetUnserved = dice.Chance(500),
        FastOpenBackends = dice.Chance(200),
    };
}
