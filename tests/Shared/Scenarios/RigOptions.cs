using EdgeProxy.DataPlane;
using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.Testing;

/// <summary>How a <see cref="ProxyRig"/> is set up.</summary>
public sealed record RigOptions
{
    public ulong Seed { get; init; } = 1;

    /// <summary>How many seeds the simulated poller runs.</summary>
    public int Seeds { get; init; } = 100;

    public AppPolicy Policy { get; init; } = new();

    public LoopSettings Loop { get; init; } = new();

    public int ConnectionsMax { get; init; } = 1000;

    /// <summary>The simulated host; without effect on the real engines.</summary>
    public SimulationSettings Simulation { get; init; } = new();

    /// <summary>The real engines; without effect on the simulated one.</summary>
    public IoSettings Io { get; init; } = new() { BuffersMax = 512 };
}
