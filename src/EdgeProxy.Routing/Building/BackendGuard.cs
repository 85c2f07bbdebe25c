namespace EdgeProxy.Routing;

/// <summary>
/// Where a backend must not point: a routing table is written by others, and must not make the proxy talk to itself, to
/// the host's metadata service or to addresses that are nobody's.
/// </summary>
internal sealed class BackendGuard
{
    private static readonly (IpPrefix Block, string Name)[] s_blocks =
    [
        (Parse("0.0.0.0/8"), "an unspecified address"),
        (Parse("169.254.0.0/16"), "a link-local or metadata address"),
        (Parse("100.100.100.200"), "a metadata address"),
        (Parse("192.0.0.192"), "a metadata address"),
        (Parse("224.0.0.0/4"), "a multicast address"),
        (Parse("240.0.0.0/4"), "a reserved or broadcast address"),
        (Parse("::"), "an unspecified address"),
        (Parse("fe80::/10"), "a link-local address"),
        (Parse("fd00:ec2::254"), "a metadata address"),
        (Parse("ff00::/8"), "a multicast address"),
    ];

    private readonly HashSet<IpEndpoint> _own = [];
    private readonly HashSet<ushort> _wildcardPorts = [];
    private readonly HashSet<IpAddress> _hostAddresses;
    private readonly bool _allowReserved;

    public BackendGuard(RoutingDefaults defaults)
    {
        _allowReserved = defaults.AllowReserved;
        _hostAddresses = [.. defaults.HostAddresses];
        AddOwn(defaults.ReservedEndpoints);
    }

    /// <summary>0.0.0.0 or ::.</summary>
    public static bool IsWildcard(in IpAddress address) =>
        address == default || address == IpAddress.FromV4(0);

    /// <summary>Adds sockets this process listens on.</summary>
    public void AddOwn(IReadOnlyList<IpEndpoint> listeners)
    {
        foreach (IpEndpoint own in listeners)
        {
            if (IsWildcard(own.Address)) { _wildcardPorts.Add(own.Port); }
            else { _own.Add(own); }
        }
    }

    /// <summary>What the address is that it must not be, or null.</summary>
    public string? FaultOf(in IpAddress address)
    {
        if (_allowReserved) { return null; }
        foreach ((IpPrefix block, string name) in s_blocks)
        {
            if (block.Contains(address)) { return name; }
        }

        return null;
    }

    /// <summary>Whether the endpoint is one of this process's own sockets.</summary>
    public bool IsOwn(in IpEndpoint endpoint)
    {
        if (_allowReserved) { return false; }
        if (_own.Contains(endpoint)) { return true; }
        return _wildcardPorts.Contains(endpoint.Port)
            && (endpoint.Address.IsLoopback || _hostAddresses.Contains(endpoint.Address));
    }

    private static IpPrefix Parse(string text)
    {
        Invariant.Holds(IpPrefix.TryParse(text, out IpPrefix prefix));
        return prefix;
    }
}
