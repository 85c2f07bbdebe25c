namespace EdgeProxy.Routing;

/// <summary>
/// How an app's connections are treated: the defaults come from the options, a row of <c>apps</c> overrides single
/// values. Every time limit of 0 is off.
/// </summary>
public sealed record AppPolicy
{
    /// <summary>One attempt to reach one backend, in milliseconds.</summary>
    public int ConnectTimeoutMs { get; init; } = 3_000;

    /// <summary>Backends tried before the client is given up, 1 to <see cref="AttemptHistory.Capacity"/>.</summary>
    public int ConnectAttempts { get; init; } = 3;

    /// <summary>All attempts together, in milliseconds.</summary>
    public int ConnectDeadlineMs { get; init; } = 10_000;

    /// <summary>Longest silence in both directions.</summary>
    public int IdleTimeoutMs { get; init; } = 3_600_000;

    /// <summary>Longest silence after one side has finished.</summary>
    public int HalfClosedTimeoutMs { get; init; } = 300_000;

    /// <summary>Longest life of a connection.</summary>
    public int LifetimeMs { get; init; }

    public ProxyProtocolIn ProxyProtocolIn { get; init; }

    /// <summary>Who may send a PROXY header; nobody by default.</summary>
    public PrefixSet ProxyProtocolTrusted { get; init; } = PrefixSet.Empty;

    /// <summary>Time for the whole PROXY header to arrive, in milliseconds.</summary>
    public int ProxyHeaderTimeoutMs { get; init; } = 3_000;

    public ProxyProtocolOut ProxyProtocolOut { get; init; }

    /// <summary>Which optional fields a version 2 header carries to the backend.</summary>
    public ProxyTlvs ProxyTlvs { get; init; }

    public AffinityMode Affinity { get; init; } = AffinityMode.Prefer;

    /// <summary>Bits of an IPv4 client address that make the binding's key: 32 or fewer.</summary>
    public int AffinityBitsV4 { get; init; } = 32;

    /// <summary>Bits of an IPv6 client address that make the binding's key: 128 or fewer.</summary>
    public int AffinityBitsV6 { get; init; } = 128;

    /// <summary>Life of a binding after its last use, in seconds.</summary>
    public int BindingTtlSeconds { get; init; } = 600;

    /// <summary>A client that cannot be served gets a RST (true) or a FIN.</summary>
    public bool ResetUnserved { get; init; } = true;

    /// <summary>TCP Fast Open towards the backends (RFC 7413).</summary>
    public bool FastOpenBackends { get; init; }
}
