namespace EdgeProxy.Compare;

/// <summary>The figures the project is judged by.</summary>
internal static class AllFigures
{
    private const string Times = "{0:0.00} ×";

    public static IReadOnlyList<Figure> List { get; } =
    [
        Ratio("CPU per connection / haproxy", 0.85, 0.72, AllExperiments.Connections, AllExperiments.CpuPerUnit),
        Ratio("CPU per round trip, 64 connections / haproxy", 0.92, 0.82, AllExperiments.RoundTrips64, AllExperiments.CpuPerUnit),
        Ratio("CPU per round trip, 1,000 connections / haproxy", 0.92, 0.75, AllExperiments.RoundTrips1000, AllExperiments.CpuPerUnit),
        Ratio("One-connection round trip, p50 / haproxy", 0.6, 0.6, AllExperiments.RoundTrips1, AllExperiments.P50),
        Ratio("One-connection round trip, p50 / haproxy busy-polling", double.NaN, 0.85, AllExperiments.RoundTrips1, AllExperiments.P50, Contender.HaproxyBusy),
        Ratio("CPU per GB, 16 downloads / haproxy", 0.35, 0.25, AllExperiments.Downloads, AllExperiments.CpuPerGb),
        Ratio("CPU per GB, 16 downloads / haproxy tuned for splice", 1.0, 0.8, AllExperiments.Downloads, AllExperiments.CpuPerGb, Contender.HaproxySplice),
        Ratio("CPU per GB, 16 uploads / haproxy", 0.35, 0.25, AllExperiments.Uploads, AllExperiments.CpuPerGb),
        Ratio("CPU per GB, 16 uploads / haproxy tuned for splice", 1.0, 0.8, AllExperiments.Uploads, AllExperiments.CpuPerGb, Contender.HaproxySplice),
        Ratio("epoll: CPU per connection / haproxy", 0.97, 0.88, AllExperiments.Connections, AllExperiments.CpuPerUnit, own: Contender.Epoll),
        Ratio("epoll: CPU per round trip, 64 connections / haproxy", 0.97, 0.88, AllExperiments.RoundTrips64, AllExperiments.CpuPerUnit, own: Contender.Epoll),
        Ratio("epoll: CPU per round trip, 1,000 connections / haproxy", 0.97, 0.88, AllExperiments.RoundTrips1000, AllExperiments.CpuPerUnit, own: Contender.Epoll),
        Ratio("CPU per connection / prototype floor", 1.08, 1.04, AllExperiments.Connections, AllExperiments.CpuPerUnit, Contender.Floor),
        Ratio("p99 of 1,000 ping-pong connections / haproxy", 1.1, 1.0, AllExperiments.RoundTrips1000, AllExperiments.P99),
        Own("Slowest of 16 downloads, of an equal share", 0.35, 0.70, "{0:0%}", AllExperiments.Downloads, AllExperiments.SlowestShare) with { LargerIsBetter = true },
        Own("Own memory per idle connection at 9,000", 700, 300, "{0:0} B", AllExperiments.Idle, AllExperiments.OwnMemory),
        Ratio("Own memory per idle connection / haproxy", 0.25, 0.25, AllExperiments.Idle, AllExperiments.OwnMemory),
        Own("Managed bytes the loops allocate per connection", 0, 0, "{0:0.###}", AllExperiments.Collections, AllExperiments.LoopBytes),
        Own("Garbage collections during the connections", 0, 0, "{0:0}", AllExperiments.Collections, AllExperiments.CollectionCount),
        Own("Start: exec to first relayed byte", 20, 8, "{0:0.0} ms", AllExperiments.Start, AllExperiments.FirstByte),
        new("Binary, stripped", 5, 4, "{0:0.00} MB", (results, _) => results.BinaryBytes > 0 ? results.BinaryBytes / 1e6 : null, AllExperiments.Start),
    ];

    private static Figure Ratio(
        string title,
        double must,
        double aim,
        string experiment,
        Metric metric,
        string against = Contender.Haproxy,
        string own = Contender.Uring) =>
        new(title, must, aim, Times, (results, congestion) =>
            results.MedianRatio(experiment, congestion, own, against, metric.Key), experiment);

    private static Figure Own(string title, double must, double aim, string format, string experiment, Metric metric) =>
        new(title, must, aim, format, (results, congestion) =>
            results.Median(experiment, congestion, Contender.Uring, metric.Key), experiment);
}
