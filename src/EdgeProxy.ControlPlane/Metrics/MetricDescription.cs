namespace EdgeProxy.ControlPlane;

/// <summary>A metric as docs/reference/metrics.md shows it.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Type">counter, gauge or histogram.</param>
/// <param name="Help">What it means, as the page itself says it.</param>
/// <param name="Labels">The labels of its samples.</param>
public sealed record MetricDescription(string Name, string Type, string Help, IReadOnlyList<string> Labels);
