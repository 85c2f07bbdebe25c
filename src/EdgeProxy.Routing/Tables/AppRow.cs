namespace EdgeProxy.Routing;

/// <summary>
/// A row of <c>apps</c> as read: each property is the column of the same name in snake_case. A null takes the default
/// of
/// <see cref="RoutingDefaults"/>.
/// </summary>
public sealed class AppRow
{
    public required string Name { get; init; }

    /// <summary>Comma-separated endpoints ("0.0.0.0:8080, [::]:8080").</summary>
    public string? Listen { get; init; }

    public double? ConnectTimeoutSecs { get; init; }

    public long? ConnectAttempts { get; init; }

    public double? ConnectDeadlineSecs { get; init; }

    public double? IdleTimeoutSecs { get; init; }

    public double? HalfClosedTimeoutSecs { get; init; }

    public double? LifetimeSecs { get; init; }

    /// <summary>off, optional or required.</summary>
    public string? ProxyProtocol { get; init; }

    /// <summary>Comma-separated CIDR blocks.</summary>
    public string? ProxyProtocolTrusted { get; init; }

    public double? ProxyHeaderTimeoutSecs { get; init; }

    /// <summary>off, v1 or v2.</summary>
    public string? SendProxyProtocol { get; init; }

    /// <summary>Comma-separated: checksum, unique_id, country, pop_region.</summary>
    public string? ProxyTlvs { get; init; }

    /// <summary>prefer, require or none.</summary>
    public string? Affinity { get; init; }

    /// <summary>1 to 32.</summary>
    public long? AffinityBitsV4 { get; init; }

    /// <summary>1 to 128.</summary>
    public long? AffinityBitsV6 { get; init; }

    public double? BindingTtlSecs { get; init; }

    /// <summary>A client that cannot be served gets a RST (1) or a FIN (0).</summary>
    public bool? ResetUnserved { get; init; }

    public bool? FastOpenBackends { get; init; }
}
