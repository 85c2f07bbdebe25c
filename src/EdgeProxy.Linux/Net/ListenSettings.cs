namespace EdgeProxy.Linux;

/// <summary>Options of a listening socket; accepted connections inherit all but the last three from it.</summary>
public sealed class ListenSettings
{
    public bool NoDelay { get; init; } = true;

    public bool KeepAlive { get; init; } = true;

    /// <summary>Idle seconds before the first keepalive probe; 0 leaves the system's.</summary>
    public int KeepAliveIdleSeconds { get; init; }

    public int KeepAliveIntervalSeconds { get; init; }

    public int KeepAliveProbes { get; init; }

    /// <summary>TCP_CONGESTION; null leaves the system's.</summary>
    public string? Congestion { get; init; }

    /// <summary>Length of the accept queue, bounded by net.core.somaxconn.</summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>Pending TCP Fast Open connections (RFC 7413); 0 is off.</summary>
    public int FastOpenQueue { get; init; }

    /// <summary>Several sockets share the port and the kernel spreads over them (SO_REUSEPORT, socket(7)).</summary>
    public bool ReusePort { get; init; } = true;
}
