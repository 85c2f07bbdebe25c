namespace EdgeProxy.ControlPlane;

/// <summary>A metric as docs/reference/metrics.md shows it.</summary>
public sealed class MetricDescription(string name, string type, string help, IReadOnlyList<string> labels)
{
    /// <summary>Its full name.</summary>
    public string Name { get; } = name;

    /// <summary>counter, gauge or histogram.</summary>
    public string Type { get; } = type;

    /// <summary>What it means, as the page itself says it.</summary>
    public string Help { get; } = help;

    /// <summary>The labels of its samples.</summary>
    public IReadOnlyList<string> Labels { get; } = labels;
}
