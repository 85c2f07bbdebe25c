using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>What a start has to route by.</summary>
/// <param name="Table">The first table; null when neither routing.db nor its last good copy can be read.</param>
/// <param name="Geo">The first geo data: the file's, or the embedded.</param>
/// <param name="Problem">Why there is no table, with the cure; null when there is one.</param>
/// <param name="GeoProblem">Why a configured geo file is not in use, with the cure; null when it is, or there is
/// none.</param>
public sealed record FirstLoad(RoutingTable? Table, GeoTable Geo, string? Problem, string? GeoProblem);
