using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// The metrics page: Prometheus text format 0.0.4, every family in docs/reference/metrics.md. Writing it allocates
/// nothing once its buffer has grown to size, but for the figures of a tunnel's peers. One thread writes.
/// </summary>
internal sealed class MetricsPage(
    Router router, LoopMetrics loops, BackendMetrics backends, StateMetrics state, TunnelMetrics tunnel,
    ProcessMetrics process)
{
    public void Write(PageBuffer page)
    {
        MetricsText text = new(page);
        RoutingTable table = router.Tables.Current;
        loops.Write(text, table.Regions.Name(table.PopRegion));
        backends.Write(text, table);
        state.Write(text, table, router.Geo.Current);
        tunnel.Write(text, table.Peers, WallClock.ReadUnixNs());
        process.Write(text);
    }
}
