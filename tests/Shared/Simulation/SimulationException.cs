namespace EdgeProxy.Testing;

/// <summary>The code under test did what no host would let pass; the message carries the seed.</summary>
public sealed class SimulationException(SimulatedWorld world, string what)
    : Exception($"seed {world.Dice.Seed}, {world.Time.NowNs / 1000} us: {what}");
