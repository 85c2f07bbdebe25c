using EdgeProxy.Telemetry;

namespace EdgeProxy.Simulation.Tests;

/// <summary>Whole worlds, one per seed. A failure names its seed; EDGEPROXY_SEED=n runs it again, alone.</summary>
public sealed class WorldTests
{
    [Fact]
    public void Calm_WhateverTheOrderOfEvents_BringsEveryByteAndBothFins()
    {
        WorldTally sum = RunAll(Weather.Calm, 25);
        if (!Alone) { Assert.Equal([CloseReason.Finished], sum.Reasons); }
    }

    [Fact]
    public void Storm_WhateverFails_KeepsEveryPromise()
    {
        WorldTally sum = RunAll(Weather.Storm, 60);
        if (Alone) { return; }
        Assert.True(sum.Faults > 1_000 && sum.SplicedBytes > 10_000_000 && sum.CopiedBytes > 10_000_000, "a dull world");
        Assert.Superset(
            new HashSet<CloseReason>(
            [
                CloseReason.Finished, CloseReason.ClientReset, CloseReason.BackendReset, CloseReason.ClientGone,
                CloseReason.IdleTimeout, CloseReason.HalfClosedTimeout, CloseReason.LifetimeReached, CloseReason.NoHealthyBackend,
                CloseReason.BackendsFull, CloseReason.ConnectFailed, CloseReason.ProxyHeaderMalformed,
                CloseReason.ProxyHeaderTimeout, CloseReason.Shortage, CloseReason.Drained, CloseReason.AppRemoved,
            ]),
            sum.Reasons);
    }

    [Fact]
    public void World_WhenRunTwice_IsTheSameToTheLastEvent()
    {
        foreach (Weather weather in Enum.GetValues<Weather>())
        {
            foreach (ulong seed in SimulationSeeds.Of(3)) { Assert.Equal(RunOne(seed, weather).Trace, RunOne(seed, weather).Trace); }
        }
    }

    private static bool Alone => Environment.GetEnvironmentVariable(SimulationSeeds.Variable) is not null;

    private static WorldTally RunAll(Weather weather, int usualSeeds)
    {
        WorldTally sum = new();
        foreach (ulong seed in SimulationSeeds.Of(usualSeeds))
        {
            WorldTally tally = RunOne(seed, weather).Tally;
            sum.Records += tally.Records;
            sum.Faults += tally.Faults;
            sum.SplicedBytes += tally.SplicedBytes;
            sum.CopiedBytes += tally.CopiedBytes;
            sum.Reasons.UnionWith(tally.Reasons);
        }

        Console.Error.WriteLine(
            $"{weather}: {sum.Records} connections, {sum.Faults} faults, {sum.SplicedBytes} bytes spliced, {sum.CopiedBytes} copied");
        return sum;
    }

    private static SimulatedProxy RunOne(ulong seed, Weather weather)
    {
        Console.Error.WriteLine($"{weather} {SimulationSeeds.Variable}={seed}"); // A broken invariant stops the process: this line then tells which.
        using SimulatedProxy proxy = new(seed, weather);
        proxy.Run();
        return proxy;
    }
}
