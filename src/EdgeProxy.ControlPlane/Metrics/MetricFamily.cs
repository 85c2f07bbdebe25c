using System.Text;

namespace EdgeProxy.ControlPlane;

/// <summary>A metric's name, type and meaning, with the two comment lines that introduce it on the page.</summary>
internal sealed class MetricFamily
{
    private readonly byte[] _name;
    private readonly byte[] _introduction;

    /// <param name="name">Full name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="help">One line for people.</param>
    /// <param name="labels">The labels of its samples, in their order; a histogram's "le" is not named.</param>
    public MetricFamily(string name, MetricType type, string help, params string[] labels)
    {
        string kind = type switch
        {
            MetricType.Counter => "counter",
            MetricType.Gauge => "gauge",
            _ => "histogram",
        };
        Description = new MetricDescription(name, kind, help, labels);
        _name = Encoding.UTF8.GetBytes(name);
        _introduction = Encoding.UTF8.GetBytes($"# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    /// <summary>The same for the reference page.</summary>
    public MetricDescription Description { get; }

    public ReadOnlySpan<byte> Name => _name;

    public ReadOnlySpan<byte> Introduction => _introduction;
}
