namespace EdgeProxy.Compare;

/// <summary>The loads of the comparison.</summary>
internal static class AllExperiments
{
    public const string Connections = "connections";
    public const string RoundTrips1 = "round-trips-1";
    public const string RoundTrips1Sleeping = "round-trips-1-sleeping";
    public const string RoundTrips64 = "round-trips-64";
    public const string RoundTrips1000 = "round-trips-1000";
    public const string Downloads = "downloads";
    public const string Uploads = "uploads";
    public const string Idle = "idle";
    public const string Start = "start";
    public const string Collections = "collections";

    public static readonly Metric CpuPerUnit = new("proxy.cpu_us_per_unit", "CPU µs each");
    public static readonly Metric P50 = new("latency_us.p50", "p50 µs");
    public static readonly Metric P99 = new("latency_us.p99", "p99 µs");
    public static readonly Metric CpuPerGb = new("proxy_cpu_seconds_per_gb", "CPU s per GB", "0.000");
    public static readonly Metric SlowestShare = new("slowest_share_of_equal", "slowest flow, % of equal share", "0", 100);
    public static readonly Metric OwnMemory = new("rss_bytes_per_connection", "own bytes per connection", "0");
    public static readonly Metric FirstByte = new("first_byte_ms_p50", "first byte ms");
    public static readonly Metric CollectionCount = new(CollectionsRun.Collections, "collections", "0");
    public static readonly Metric LoopBytes = new(CollectionsRun.LoopBytes, "bytes the loops allocate per connection", "0.000");

    private static readonly Metric Rate = new("units_per_second", "per second", "0");
    private static readonly Metric GbPerSecond = new("units_per_second", "GB/s", "0.00", 1e-9);
    private static readonly Metric ProxyBusy = new("proxy.cores_busy", "proxy core busy %", "0", 100);

    private static readonly string[] Everyone =
        [Contender.Uring, Contender.Epoll, Contender.Haproxy, Contender.Nginx, Contender.Floor];

    private static readonly string[] Bulk =
    [
        Contender.Uring, Contender.Epoll, Contender.Haproxy, Contender.HaproxySplice, Contender.Nginx, Contender.Floor,
        Contender.FloorLowWater,
    ];

    private static readonly string[] One =
    [
        Contender.Uring, Contender.Epoll, Contender.Haproxy, Contender.HaproxyBusy, Contender.Nginx, Contender.FloorSpin,
    ];

    public static IReadOnlyList<Experiment> List { get; } =
    [
        new(Connections, "New connections: connect, 64 B echo, close; 64 at a time", "echo",
            ["connections", "--concurrency", "64", "--sources", "16"], Everyone, [CpuPerUnit, Rate, P50, P99, ProxyBusy]),
        new(RoundTrips64, "64 B round trips, 64 connections", "echo",
            ["pingpong", "--connections", "64"], Everyone, [CpuPerUnit, Rate, P50, P99, ProxyBusy]),
        new(RoundTrips1000, "64 B round trips, 1,000 connections", "echo",
            ["pingpong", "--connections", "1000"], Everyone, [CpuPerUnit, Rate, P50, P99, ProxyBusy]),
        new(RoundTrips1, "64 B round trips, one connection; client and backend poll", Backend: null,
            ["pingpong", "--connections", "1"], One, [P50, P99, CpuPerUnit, ProxyBusy]),
        new(RoundTrips1Sleeping, "64 B round trips, one connection; client and backend sleep while they wait", "echo",
            ["pingpong", "--connections", "1"], One, [P50, P99, CpuPerUnit, ProxyBusy]),
        new(Downloads, "16 downloads", "source",
            ["download", "--flows", "16"], Bulk, [CpuPerGb, GbPerSecond, SlowestShare, ProxyBusy]),
        new(Uploads, "16 uploads", "sink",
            ["upload", "--flows", "16"], Bulk, [CpuPerGb, GbPerSecond, SlowestShare, ProxyBusy]),
        new(Idle, "9,000 idle connections", "echo",
            ["idle", "--connections", "9000"],
            [Contender.Uring, Contender.Epoll, Contender.Haproxy, Contender.Nginx],
            [OwnMemory, new Metric("proxy.rss_bytes", "RSS MB", "0.0", 1e-6), new Metric("proxy.descriptors", "descriptors", "0")])
            { Once = true, EveryCongestionControl = false },
        new(Start, "Start: exec to first relayed byte", "echo",
            ["start"],
            [Contender.Uring, Contender.Epoll, Contender.Haproxy, Contender.Nginx],
            [FirstByte, new Metric("first_byte_ms_min", "fastest ms"), new Metric("first_byte_ms_max", "slowest ms")])
            { EveryCongestionControl = false },
        new(Collections, "Garbage collections while connections come and go, the metrics page read every 15 s", "echo",
            ["connections"],
            [Contender.Uring, Contender.Epoll],
            [CollectionCount, LoopBytes, new Metric("units", "connections", "0"), new Metric(CollectionsRun.OtherBytes, "MB allocated by all threads", "0.00", 1e-6)])
            { Once = true, EveryCongestionControl = false },
    ];
}
