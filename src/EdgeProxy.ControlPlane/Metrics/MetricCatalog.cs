namespace EdgeProxy.ControlPlane;

/// <summary>
/// Every family of the metrics page in its order; a test compares this with a page that was really written.
/// </summary>
public static class MetricCatalog
{
    public static IReadOnlyList<MetricDescription> All { get; } = Array.ConvertAll(
        [
            .. LoopMetrics.Families, .. BackendMetrics.Families, .. StateMetrics.Families, .. TunnelMetrics.Families,
            .. ProcessMetrics.Families,
        ],
        static (MetricFamily family) => family.Description);
}
