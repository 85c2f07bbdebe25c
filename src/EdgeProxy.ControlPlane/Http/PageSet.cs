namespace EdgeProxy.ControlPlane;

/// <summary>What the HTTP address serves.</summary>
internal sealed class PageSet(MetricsPage metrics, HealthPage health, ReadyPage ready)
{
    public MetricsPage Metrics { get; } = metrics;

    public HealthPage Health { get; } = health;

    public ReadyPage Ready { get; } = ready;
}
