namespace EdgeProxy.ControlPlane;

/// <summary>The types of the text exposition format this program uses.</summary>
internal enum MetricType : byte
{
    Counter,
    Gauge,
    Histogram,
}
