namespace EdgeProxy;

internal sealed partial class Options
{
    private const int ListenersMax = 64;

    public EndpointListSetting ListenAddr { get; } = new("LISTEN_ADDR", "0.0.0.0:8080", ListenersMax,
        "Where clients of apps without listeners of their own connect. `[::]:8080` takes IPv6 and IPv4.");

    public IntegerSetting Workers { get; } = new("WORKERS", "0", 0, 1024, "loops",
        "Event loops, each a thread with its own sockets.")
    {
        DefaultMeans = "one per core",
    };

    public ChoiceSetting<EngineChoice> Io { get; } = new("IO", "auto",
        ["auto", "uring", "epoll"], [EngineChoice.Auto, EngineChoice.Uring, EngineChoice.Epoll],
        "How the loops talk to the kernel. `auto` takes io_uring where the kernel allows it; `uring` does not start without.");

    public IntegerSetting MaxConnections { get; } = new("MAX_CONNECTIONS", "0", 0, 10_000_000, "connections",
        "Most connections at once, over all listeners. Further ones wait in the accept queue.")
    {
        DefaultMeans = "what the descriptor limit allows",
    };

    public IntegerSetting Backlog { get; } = new("BACKLOG", "0", 0, 1_000_000, "connections",
        "Length of each listener's accept queue; the kernel cuts it to net.core.somaxconn.")
    {
        DefaultMeans = "net.core.somaxconn",
    };

    public IntegerSetting FastOpenListen { get; } = new("FAST_OPEN_LISTEN", "0", 0, 65_535, "pending connections",
        "TCP Fast Open (RFC 7413) for clients: this many may send data with their SYN. Needs bit 2 of net.ipv4.tcp_fastopen.")
    {
        DefaultMeans = "off",
    };

    public IntegerSetting SpinMicros { get; } = new("SPIN_MICROS", "50", 0, 1000, "microseconds",
        "How long an idle loop watches for work before it sleeps (io_uring only): halves the round trip of a lone "
        + "connection, switches itself off under load. 0 never spins.");
}
