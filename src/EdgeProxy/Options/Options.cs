namespace EdgeProxy;

/// <summary>
/// The one description of everything that can be set: names, types, defaults, bounds and meaning, and after
/// <see cref="OptionsLoader"/> has run, the values. The command line, the environment, the TOML file, --help, shell
/// completion and docs/reference/configuration.md all follow from it.
/// </summary>
internal sealed partial class Options
{
    public TextSetting Config { get; } = new("CONFIG", "", "path of a TOML file",
        "A file with any of these settings, one `key = value` each. Flags and variables outrank it.")
    {
        DefaultMeans = "no file",
    };

    /// <summary>Every group in the order of the reference page.</summary>
    public IReadOnlyList<OptionGroup> Groups =>
    [
        new("Listening", "Where clients come in, and how many.",
            [ListenAddr, Workers, Io, MaxConnections, Backlog, FastOpenListen, SpinMicros]),
        new("Routing", "What is known of backends and clients.",
            [DbPath, DbReloadSecs, StateDir, Region, GeoipPath, AllowReservedBackends]),
        new("Affinity", "How a client stays on its backend. A row of `apps` overrides the first four for its app.",
            [Affinity, AffinityBitsV4, AffinityBitsV6, BindingTtlSecs, BindingGcIntervalSecs, BindingsMax]),
        new("Connecting and relaying", "Limits of time, each 0 for none. A row of `apps` overrides them for its app.",
        [
            ConnectTimeoutSecs, ConnectAttempts, ConnectDeadlineSecs, IdleTimeoutSecs, HalfClosedTimeoutSecs,
            LifetimeSecs, ResetUnserved, ShutdownTimeoutSecs,
        ]),
        new("TCP", "What the kernel is asked for on both legs of a connection.",
        [
            KeepaliveIdleSecs, KeepaliveIntervalSecs, KeepaliveProbes, ClientCongestion, BackendCongestion,
            FastOpenBackends,
        ]),
        new("PROXY protocol", "Who the client is when something stands before this proxy, and telling backends.",
            [ProxyProtocol, ProxyProtocolTrusted, ProxyHeaderTimeoutSecs, SendProxyProtocol, ProxyTlvs]),
        new("WireGuard backhaul", "The encrypted way to other POPs and to backends behind them.",
        [
            WireGuard, WireGuardAddress, WireGuardListenPort, WireGuardKeyFile, WireGuardInterface, WireGuardMtu,
        ]),
        new("Metrics and log", "What is seen of the proxy from outside.",
        [
            MetricsEnabled, MetricsListenAddr, MetricsPath, AdminSocket, LogConnections, LogFormat, LogLevel, Debug,
        ]),
        new("The file", "", [Config]),
    ];

    private static bool IsPlainName(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) { return false; }
        }

        return true;
    }

    /// <summary>Every setting once.</summary>
    public IEnumerable<Setting> All
    {
        get
        {
            foreach (OptionGroup group in Groups)
            {
                foreach (Setting setting in group.Settings) { yield return setting; }
            }
        }
    }
}
