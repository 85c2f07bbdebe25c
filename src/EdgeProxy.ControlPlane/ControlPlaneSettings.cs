using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>What the options say about the control plane.</summary>
public sealed record ControlPlaneSettings
{
    /// <summary>The program's version, as health, status and the metrics page show it.</summary>
    public required string Version { get; init; }

    /// <summary>Path of routing.db.</summary>
    public required string DbPath { get; init; }

    /// <summary>What holds for every table.</summary>
    public required RoutingDefaults RoutingDefaults { get; init; }

    /// <summary>
    /// Where a copy of the last good routing.db is kept for a start without a readable one; null keeps none.
    /// </summary>
    public string? LastGoodPath { get; init; }

    /// <summary>Longest time a change may go unseen when watching does not see it, in milliseconds.</summary>
    public int DbReloadMs { get; init; } = 5_000;

    /// <summary>Path of an MMDB file; null routes by the embedded country table.</summary>
    public string? GeoIpPath { get; init; }

    /// <summary>Time in which every binding is looked at once, in milliseconds.</summary>
    public int BindingSweepMs { get; init; } = 60_000;

    /// <summary>Whether the metrics page, /health and /ready are served.</summary>
    public bool MetricsEnabled { get; init; } = true;

    /// <summary>Where they are served; port 0 takes any.</summary>
    public IpEndpoint MetricsListen { get; init; } = new(IpAddress.FromV4(0x7F00_0001), 9090);

    /// <summary>Path of the metrics page.</summary>
    public string MetricsPath { get; init; } = "/metrics";

    /// <summary>Path of the admin socket; null opens none.</summary>
    public string? AdminSocketPath { get; init; }

    /// <summary>Writes no log: for commands that only look at the files.</summary>
    public bool IsSilent { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Info;

    public LogFormat LogFormat { get; init; }

    public ConnectionLogMode ConnectionLog { get; init; } = ConnectionLogMode.Off;

    /// <summary>Where events go: stderr.</summary>
    internal Fd EventTarget { get; init; } = new(2);

    /// <summary>Where connection lines go: stdout.</summary>
    internal Fd ConnectionTarget { get; init; } = new(1);
}
