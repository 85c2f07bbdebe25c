using EdgeProxy.DataPlane;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;
using EdgeProxy.Testing;

namespace EdgeProxy.Simulation.Tests;

/// <summary>One loop of the simulated process with what belongs to it alone.</summary>
internal sealed class SimulatedLoop
{
    public SimulatedLoop(CheckedIo io, SimulatedIo engine, Router router, LoopSettings settings, ConnectionBudget budget)
    {
        Io = io;
        Engine = engine;
        Loop = new Loop(io, router, settings, budget, Counters, Records);
    }

    public CheckedIo Io { get; }

    public SimulatedIo Engine { get; }

    public Loop Loop { get; }

    public LoopCounters Counters { get; } = new();

    public RecordRing Records { get; } = new(1 << 12);

    /// <summary>By app: where it accepts now.</summary>
    public Dictionary<string, (Fd Fd, SocketAddress Address)> Listeners { get; } = [];

    /// <summary>Turns in a row in which nothing in the world got on, and the time and turn it began.</summary>
    public (long Turns, long SinceNs, long Progress) Idle { get; set; }
}
