namespace EdgeProxy.Routing;

/// <summary>What the options say about every table: the same for each reload of one process.</summary>
public sealed record RoutingDefaults
{
    /// <summary>The region of this point of presence; always a known region.</summary>
    public required string PopRegion { get; init; }

    /// <summary>The policy of an app that says nothing else.</summary>
    public AppPolicy Policy { get; init; } = new();

    /// <summary>Where the implicit app listens when there are no apps, and an app that names no listener.</summary>
    public IReadOnlyList<IpEndpoint> Listeners { get; init; } = [];

    /// <summary>The process's own sockets (metrics, admin): no listener may take one, no backend may be one.</summary>
    public IReadOnlyList<IpEndpoint> ReservedEndpoints { get; init; } = [];

    /// <summary>Addresses of this host besides loopback, which a wildcard socket answers on too.</summary>
    public IReadOnlyList<IpAddress> HostAddresses { get; init; } = [];

    /// <summary>
    /// Lets backends be what a table is not trusted with otherwise: link-local, metadata, multicast, unspecified and
    /// broadcast addresses and the process's own sockets.
    /// </summary>
    public bool AllowReserved { get; init; }

    /// <summary>A table with more backends is refused whole and the previous one kept.</summary>
    public int BackendsMax { get; init; } = BackendSlots.BackendsMax;

    /// <summary>What holds for every row of <c>peers</c>.</summary>
    public PeerRules Peers { get; init; } = new();
}
