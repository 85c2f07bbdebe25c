namespace EdgeProxy;

internal sealed partial class Options
{
    private const int CongestionNameMax = 15; // TCP_CA_NAME_MAX less its NUL (include/net/tcp.h).

    public DurationSetting ConnectTimeoutSecs { get; } = new("CONNECT_TIMEOUT_SECS", "3", 0.01, 600,
        "Patience with one attempt to reach one backend.");

    public IntegerSetting ConnectAttempts { get; } = new("CONNECT_ATTEMPTS", "3", 1, 8, "backends",
        "Backends tried, each another one, before the client is given up.");

    public DurationSetting ConnectDeadlineSecs { get; } = new("CONNECT_DEADLINE_SECS", "10", 0.01, 3600,
        "Patience with all attempts together.");

    public DurationSetting IdleTimeoutSecs { get; } = new("IDLE_TIMEOUT_SECS", "3600", 0, DurationSetting.SecondsMax,
        "Closes a connection on which nothing moved either way for this long.");

    public DurationSetting HalfClosedTimeoutSecs { get; } =
        new("HALF_CLOSED_TIMEOUT_SECS", "300", 0, DurationSetting.SecondsMax,
            "Closes a connection on which one side has finished and the other stays silent for this long.");

    public DurationSetting LifetimeSecs { get; } = new("LIFETIME_SECS", "0", 0, DurationSetting.SecondsMax,
        "Closes a connection this long after it came, whatever it does.")
    {
        DefaultMeans = "no limit",
    };

    public SwitchSetting ResetUnserved { get; } = new("RESET_UNSERVED", "true",
        "A client nobody can serve gets a RST, which says at once that it failed; off, it gets a plain close.");

    public DurationSetting ShutdownTimeoutSecs { get; } = new("SHUTDOWN_TIMEOUT_SECS", "30", 0, DurationSetting.SecondsMax,
        "How long connections may finish after SIGTERM or SIGINT before they are closed. A second signal ends at once.");

    public IntegerSetting KeepaliveIdleSecs { get; } = new("KEEPALIVE_IDLE_SECS", "60", 0, 32_767, "seconds",
        "Silence before the kernel probes whether a peer is still there (tcp(7), TCP_KEEPIDLE); 0 turns keepalive off.");

    public IntegerSetting KeepaliveIntervalSecs { get; } = new("KEEPALIVE_INTERVAL_SECS", "15", 1, 32_767, "seconds",
        "Between two such probes (TCP_KEEPINTVL).");

    public IntegerSetting KeepaliveProbes { get; } = new("KEEPALIVE_PROBES", "4", 1, 127, "probes",
        "Unanswered probes after which a peer counts as gone (TCP_KEEPCNT).");

    public TextSetting ClientCongestion { get; } = new("CLIENT_CONGESTION", "", "name of a congestion control",
        "Congestion control towards clients, of those in net.ipv4.tcp_available_congestion_control.")
    {
        DefaultMeans = "the system's",
        Check = CheckCongestion,
    };

    public TextSetting BackendCongestion { get; } = new("BACKEND_CONGESTION", "", "name of a congestion control",
        "Congestion control towards backends: on a short leg cubic instead of bbr saves a third of the CPU of bulk transfers.")
    {
        DefaultMeans = "the system's",
        Check = CheckCongestion,
    };

    public SwitchSetting FastOpenBackends { get; } = new("FAST_OPEN_BACKENDS", "false",
        "TCP Fast Open (RFC 7413) towards backends: the first bytes ride on the SYN. Needs bit 1 of net.ipv4.tcp_fastopen.");

    private static ValueProblem? CheckCongestion(string name) => name.Length <= CongestionNameMax && IsPlainName(name)
        ? null
        : new ValueProblem("is no name of a congestion control",
            "Give one of `sysctl net.ipv4.tcp_available_congestion_control`, such as cubic or bbr.");
}
