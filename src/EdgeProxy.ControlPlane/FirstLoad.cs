using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>What a start has to route by.</summary>
public sealed class FirstLoad(RoutingTable? table, GeoTable geo, string? problem, string? geoProblem)
{
    /// <summary>The first table; null when neither routing.db nor its last good copy can be read.</summary>
    public RoutingTable? Table { get; } = table;

    /// <summary>The first geo data: the file's, or the embedded.</summary>
    public GeoTable Geo { get; } = geo;

    /// <summary>Why there is no table, with the cure; null when there is one.</summary>
    public string? Problem { get; } = problem;

    /// <summary>Why a configured geo file is not in use, with the cure; null when it is, or there is none.</summary>
    public string? GeoProblem { get; } = geoProblem;
}
