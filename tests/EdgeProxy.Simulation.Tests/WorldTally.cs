namespace EdgeProxy.Simulation.Tests;

/// <summary>What a world has seen, to show that the worlds together are not dull ones.</summary>
internal sealed class WorldTally
{
    public long Records { get; set; }

    public long Faults { get; set; }

    public long SplicedBytes { get; set; }

    public long CopiedBytes { get; set; }

    public HashSet<EdgeProxy.Telemetry.CloseReason> Reasons { get; } = [];
}
