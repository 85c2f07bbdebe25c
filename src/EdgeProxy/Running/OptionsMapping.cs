using System.Globalization;
using EdgeProxy.ControlPlane;
using EdgeProxy.DataPlane;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Storage;

namespace EdgeProxy;

/// <summary>What the options come to for each part of the program.</summary>
internal static class OptionsMapping
{
    /// <summary>Descriptors kept for files, pages, pipes and a moment of overshoot.</summary>
    private const int DescriptorsSpare = 256;

    private const int DescriptorsPerConnection = 2;

    /// <summary>Two sockets and, with bulk both ways, two pipes.</summary>
    private const int DescriptorsOfBulk = 6;

    /// <summary>Everything else a process has open, many times over: it bounds a table, not the process.</summary>
    private const int OtherDescriptors = 64 * 1024;
    private const int RecordsPerLoop = 1024;
    private const int NsPerMicrosecond = 1000;

    public static string StateDirectory(Options options) => options.StateDir.Value.Length > 0
        ? options.StateDir.Value
        : Path.GetDirectoryName(Path.GetFullPath(options.DbPath.Value)) ?? "/";

    /// <summary>Null when it is off.</summary>
    public static string? AdminSocketPath(Options options) => options.AdminSocket.Value switch
    {
        "off" => null,
        "" => Path.Combine(StateDirectory(options), "edgeproxy.sock"),
        string path => path,
    };

    public static string WireGuardKeyPath(Options options) => options.WireGuardKeyFile.Value.Length > 0
        ? options.WireGuardKeyFile.Value
        : Path.Combine(StateDirectory(options), "wireguard.key");

    /// <summary>Null when the backhaul is off.</summary>
    public static TunnelSettings? Tunnel(Options options) =>
        options.WireGuard.Value == WireGuardMode.Off ? null : new TunnelSettings
    {
        Mode = options.WireGuard.Value,
        Name = options.WireGuardInterface.Value,
        Addresses = options.WireGuardAddress.Value,
        ListenPort = (ushort)options.WireGuardListenPort.Value,
        Mtu = options.WireGuardMtu.Value,
        KeyPath = WireGuardKeyPath(options),
    };

    /// <param name="options">What was set.</param>
    /// <param name="peers">What holds for rows of <c>peers</c>.</param>
    public static ControlPlaneSettings ControlPlane(Options options, PeerRules peers) => new()
    {
        Version = VersionCommand.Version,
        DbPath = options.DbPath.Value,
        RoutingDefaults = Routing(options) with { Peers = peers },
        LastGoodPath = LastGoodCopy.PathOf(
            options.DbPath.Value, options.StateDir.Value.Length > 0 ? options.StateDir.Value : null),
        DbReloadMs = options.DbReloadSecs.Value,
        GeoIpPath = options.GeoipPath.Value.Length > 0 ? options.GeoipPath.Value : null,
        BindingSweepMs = options.BindingGcIntervalSecs.Value,
        MetricsEnabled = options.MetricsEnabled.Value,
        MetricsListen = options.MetricsListenAddr.Value[0],
        MetricsPath = options.MetricsPath.Value,
        AdminSocketPath = AdminSocketPath(options),
        LogLevel = options.Debug.Value ? LogLevel.Debug : options.LogLevel.Value,
        LogFormat = options.LogFormat.Value,
        ConnectionLog = options.LogConnections.Value,
    };

    /// <summary>Loops, and threads of the tunnel.</summary>
    public static int Workers(Options options) =>
        options.Workers.Value > 0 ? options.Workers.Value : Environment.ProcessorCount;

    public static RoutingDefaults Routing(Options options) => new()
    {
        PopRegion = options.Region.Value,
        Policy = Policy(options),
        Listeners = options.ListenAddr.Value,
        ReservedEndpoints = options.MetricsEnabled.Value ? options.MetricsListenAddr.Value : [],
        AllowReserved = options.AllowReservedBackends.Value,
    };

    public static DataPlaneSettings DataPlane(Options options, IoEngine engine, long descriptors, ulong seed)
    {
        string client = options.ClientCongestion.Value;
        string backend = options.BackendCongestion.Value;
        int idle = options.KeepaliveIdleSecs.Value;
        int connections = ConnectionsMax(options, descriptors);
        return new DataPlaneSettings
        {
            Workers = Workers(options),
            Engine = engine,
            ConnectionsMax = connections,
            RecordsPerLoop = options.LogConnections.Value == ConnectionLogMode.Off ? 0 : RecordsPerLoop,
            Io = new IoSettings
            {
                DescriptorsMax = (int)Math.Min(descriptors, (DescriptorsOfBulk * (long)connections) + OtherDescriptors),
                SpinNs = SpinNs(options),
                CongestionAlgorithms = backend.Length > 0 ? [backend] : [],
            },
            Listen = new ListenSettings
            {
                KeepAlive = idle > 0,
                KeepAliveIdleSeconds = idle,
                KeepAliveIntervalSeconds = options.KeepaliveIntervalSecs.Value,
                KeepAliveProbes = options.KeepaliveProbes.Value,
                Congestion = client.Length > 0 ? client : null,
                Backlog = options.Backlog.Value > 0 ? options.Backlog.Value : SystemBacklog(),
                FastOpenQueue = options.FastOpenListen.Value,
            },
            Loop = new LoopSettings
            {
                BackendCongestion = backend.Length > 0 ? 0 : -1,
                KeepAlive = idle > 0,
                KeepAliveIdleSeconds = idle,
                KeepAliveIntervalSeconds = options.KeepaliveIntervalSecs.Value,
                KeepAliveProbes = options.KeepaliveProbes.Value,
                RecordEvery = options.LogConnections.Value == ConnectionLogMode.Off ? 0 : 1,
                PopRegion = options.Region.Value,
                UnixMsAtClockZero = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (MonotonicClock.ReadNs() / 1_000_000),
                Seed = seed,
            },
        };
    }

    /// <summary>Two descriptors a connection; a setting above what the limit allows is cut to it.</summary>
    private static int ConnectionsMax(Options options, long descriptors)
    {
        long allowed = Math.Max(1, (descriptors - DescriptorsSpare) / DescriptorsPerConnection);
        long wanted = options.MaxConnections.Value > 0 ? options.MaxConnections.Value : allowed;
        return (int)Math.Min(int.MaxValue, Math.Min(wanted, allowed));
    }

    /// <summary>A loop that watches while another wants its core costs more than it saves.</summary>
    private static long SpinNs(Options options) => options.Workers.Value > Environment.ProcessorCount
        ? 0
        : options.SpinMicros.Value * NsPerMicrosecond;

    private static int SystemBacklog()
    {
        const int Fallback = 4096; // The kernel's default since 5.4.
        try
        {
            return int.TryParse(TextFile.Read("/proc/sys/net/core/somaxconn"), CultureInfo.InvariantCulture, out int backlog) ? backlog : Fallback;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Fallback;
        }
    }

    private static AppPolicy Policy(Options options) => new()
    {
        ConnectTimeoutMs = options.ConnectTimeoutSecs.Value,
        ConnectAttempts = options.ConnectAttempts.Value,
        ConnectDeadlineMs = options.ConnectDeadlineSecs.Value,
        IdleTimeoutMs = options.IdleTimeoutSecs.Value,
        HalfClosedTimeoutMs = options.HalfClosedTimeoutSecs.Value,
        LifetimeMs = options.LifetimeSecs.Value,
        ProxyProtocolIn = options.ProxyProtocol.Value,
        ProxyProtocolTrusted = PrefixSet.From(options.ProxyProtocolTrusted.Value),
        ProxyHeaderTimeoutMs = options.ProxyHeaderTimeoutSecs.Value,
        ProxyProtocolOut = options.SendProxyProtocol.Value,
        ProxyTlvs = (ProxyTlvs)options.ProxyTlvs.Value,
        Affinity = options.Affinity.Value,
        AffinityBitsV4 = options.AffinityBitsV4.Value,
        AffinityBitsV6 = options.AffinityBitsV6.Value,
        BindingTtlSeconds = options.BindingTtlSecs.WholeSeconds,
        ResetUnserved = options.ResetUnserved.Value,
        FastOpenBackends = options.FastOpenBackends.Value,
    };
}
