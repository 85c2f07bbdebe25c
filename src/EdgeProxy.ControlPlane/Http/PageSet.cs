namespace EdgeProxy.ControlPlane;

/// <summary>What the HTTP address serves.</summary>
internal sealed record PageSet(MetricsPage Metrics, HealthPage Health, ReadyPage Ready);
