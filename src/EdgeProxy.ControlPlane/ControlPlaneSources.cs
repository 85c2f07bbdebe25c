using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// What the control plane reads of the rest of the process; the executable's composition fills it, because the two
/// planes do not know each other.
/// </summary>
public sealed record ControlPlaneSources
{
    /// <summary>Routing with its live state: tables, slots, bindings.</summary>
    public required Router Router { get; init; }

    /// <summary>The counters of each loop.</summary>
    public required IReadOnlyList<LoopCounters> Loops { get; init; }

    /// <summary>The closed connections of each loop.</summary>
    public required IReadOnlyList<RecordRing> Records { get; init; }

    /// <summary>What the loops run on.</summary>
    public required IoEngine Engine { get; init; }

    /// <summary>Connections the process takes at most.</summary>
    public required long ConnectionsMax { get; init; }

    /// <summary>
    /// Puts a new table to work: publishes it, opens and closes listeners, settles the router. Called on the reload
    /// thread.
    /// </summary>
    public required Action<RoutingTable> Apply { get; init; }

    /// <summary>The process has been told to end and takes no more clients.</summary>
    public required Func<bool> IsDraining { get; init; }

    /// <summary>Listeners that should be open and are not, each as a sentence with its cure.</summary>
    public required Func<IReadOnlyList<string>> ListenerProblems { get; init; }

    /// <summary>Seconds of the clock the loops keep the bindings by.</summary>
    public required Func<uint> BindingSeconds { get; init; }

    /// <summary>The WireGuard backhaul; null when it is off.</summary>
    public TunnelSources? Tunnel { get; init; }
}
