namespace EdgeProxy.Storage;

/// <summary>
/// A row of <c>peers</c> as the file holds it, good or bad; null where it has NULL or lacks the column.
/// </summary>
public sealed class StoredPeer
{
    public required string Name { get; init; }

    public string? Region { get; init; }

    /// <summary>Base64.</summary>
    public required string PublicKey { get; init; }

    public string? Endpoint { get; init; }

    /// <summary>Comma-separated CIDR blocks.</summary>
    public string? AllowedIps { get; init; }

    public string? PresharedKeyFile { get; init; }

    /// <summary>Seconds.</summary>
    public long? Keepalive { get; init; }

    public bool Enabled { get; init; } = true;
}
