using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// The tunnel as the control plane follows and shows it; made by the composition, where the engine is known. One that
/// did not start is shown as well.
/// </summary>
public sealed record TunnelSources
{
    /// <summary>Name of the interface.</summary>
    public required string Name { get; init; }

    /// <summary>What carries its packets, builtin or kernel; null when it did not start.</summary>
    public string? Engine { get; init; }

    /// <summary>Null when it did not start.</summary>
    public ITunnelDevice? Device { get; init; }

    /// <summary>
    /// `wg` is to be answered by this program; false for a device of the kernel, which does it itself.
    /// </summary>
    public bool AnswersWg { get; init; }

    /// <summary>The counters of the built-in engine's threads.</summary>
    public IReadOnlyList<TunnelCounters> Workers { get; init; } = [];

    /// <summary>Begins to change this host's key; given true, ends that.</summary>
    public Func<bool, KeyRotationResult>? Rotate { get; init; }

    /// <summary>Why it did not start, with the cure.</summary>
    public string? Problem { get; init; }
}
