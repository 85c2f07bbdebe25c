namespace EdgeProxy.ControlPlane;

/// <summary>
/// Every family of the metrics page in its order; a test compares this with a page that was really written.
/// </summary>
public static class MetricCatalog
{
    public static IReadOnlyList<MetricDescription> All { get; } =
    [
        .. LoopMetrics.Families.Concat(BackendMetrics.Families).Concat(StateMetrics.Families)
            .Concat(TunnelMetrics.Families).Concat(ProcessMetrics.Families)
            .Select(static family => family.Description),
    ];
}
