namespace EdgeProxy.Routing;

/// <summary>Taking slots back from backends that are gone. Only the thread that publishes tables.</summary>
public sealed partial class BackendSlots
{
    internal void Reclaim(RoutingTable table) => Invariant.Holds(table.BackendCount <= Count);
}
