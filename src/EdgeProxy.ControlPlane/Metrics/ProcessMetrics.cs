using System.Text;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// What the kernel and the runtime know of the process, under the standard names where there are any.
/// </summary>
internal sealed class ProcessMetrics : IDisposable
{
    private static readonly MetricFamily s_cpu = new(
        "process_cpu_seconds_total", MetricType.Counter, "CPU time used, user and system.");

    private static readonly MetricFamily s_resident = new(
        "process_resident_memory_bytes", MetricType.Gauge, "Memory that is in RAM.");

    private static readonly MetricFamily s_virtual = new(
        "process_virtual_memory_bytes", MetricType.Gauge, "Address space in use.");

    private static readonly MetricFamily s_start = new(
        "process_start_time_seconds", MetricType.Gauge, "When the process started, in Unix time.");

    private static readonly MetricFamily s_descriptors = new(
        "process_open_fds", MetricType.Gauge, "Descriptors open.");

    private static readonly MetricFamily s_descriptorsMax = new(
        "process_max_fds", MetricType.Gauge, "Descriptors the process may open (the soft limit).");

    private static readonly MetricFamily s_pauses = new(
        "edgeproxy_gc_pause_seconds_total", MetricType.Counter, "Time everything stood still for the garbage collector.");

    private static readonly MetricFamily s_collections = new(
        "edgeproxy_gc_collections_total", MetricType.Counter, "Garbage collections, by the oldest generation collected.",
        "generation");

    private static readonly MetricFamily s_allocated = new(
        "edgeproxy_gc_allocated_bytes_total", MetricType.Counter, "Managed bytes allocated by all threads.");

    private static readonly MetricFamily s_build = new(
        "edgeproxy_build_info", MetricType.Gauge, "The version that runs; always 1.", "version");

    private readonly ProcessFigures _figures = new();
    private readonly byte[] _version;

    public ProcessMetrics(string version) => _version = Encoding.UTF8.GetBytes(version);

    /// <summary>In the order in which they are written.</summary>
    public static IReadOnlyList<MetricFamily> Families =>
    [
        s_cpu, s_resident, s_virtual, s_start, s_descriptors, s_descriptorsMax, s_pauses, s_collections,
        s_allocated, s_build,
    ];

    public void Write(MetricsText text)
    {
        _figures.Refresh();
        text.Single(s_cpu, _figures.CpuSeconds);
        text.Single(s_resident, _figures.ResidentBytes);
        text.Single(s_virtual, _figures.VirtualBytes);
        text.Single(s_start, _figures.StartSeconds);
        if (_figures.Descriptors >= 0) { text.Single(s_descriptors, _figures.Descriptors); }
        else { text.Family(s_descriptors); } // Not even counting was possible: no figure is better than a wrong one.
        text.Single(s_descriptorsMax, _figures.DescriptorsMax);
        text.Single(s_pauses, GC.GetTotalPauseDuration().TotalSeconds);
        text.Family(s_collections);
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            int older = generation == GC.MaxGeneration ? 0 : GC.CollectionCount(generation + 1);
            text.Begin(s_collections);
            text.First("generation"u8, generation);
            text.Labelled(GC.CollectionCount(generation) - older); // The runtime counts an older one as a younger too.
        }

        text.Single(s_allocated, GC.GetTotalAllocatedBytes(precise: false));
        text.Family(s_build);
        text.Begin(s_build);
        text.First("version"u8, _version);
        text.Labelled(1);
    }

    public void Dispose() => _figures.Dispose();
}
