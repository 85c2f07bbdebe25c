namespace EdgeProxy.Storage;

/// <summary>
/// A row of <c>backends</c> as the file holds it, good or bad: a number is null where the file has none.
/// </summary>
public sealed class StoredBackend
{
    public required string Id { get; init; }

    public string App { get; init; } = "";

    public string Region { get; init; } = "";

    /// <summary>Empty when the file does not say, or has no such column.</summary>
    public string Country { get; init; } = "";

    /// <summary>Column <c>wg_ip</c>: any address the host can reach.</summary>
    public string Address { get; init; } = "";

    public long? Port { get; init; }

    public bool? Healthy { get; init; }

    /// <summary>0 takes no new clients.</summary>
    public long? Weight { get; init; }

    /// <summary>The weight <see cref="BackendStore.Ready"/> goes back to; null when it is not drained.</summary>
    public long? WeightBeforeDrain { get; init; }

    public long? SoftLimit { get; init; }

    public long? HardLimit { get; init; }
}
