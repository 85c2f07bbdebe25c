namespace EdgeProxy.Routing;

/// <summary>A row of <c>peers</c> as read: each property is the column of the same name in snake_case.</summary>
public sealed record PeerRow
{
    public required string Name { get; init; }

    /// <summary>Where the peer is; null when nobody needs to know.</summary>
    public string? Region { get; init; }

    /// <summary>Base64.</summary>
    public string? PublicKey { get; init; }

    /// <summary>"address:port", "[address]:port" or "name:port"; null for a peer that calls us.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Comma-separated CIDR blocks.</summary>
    public string? AllowedIps { get; init; }

    /// <summary>Path of a file with a base64 key; null for none.</summary>
    public string? PresharedKeyFile { get; init; }

    /// <summary>Seconds; null and 0 send none.</summary>
    public long? Keepalive { get; init; }

    /// <summary>False leaves the peer out, whatever else the row says; null counts as true.</summary>
    public bool? Enabled { get; init; }
}
