namespace EdgeProxy.Routing;

/// <summary>What the options say about peers; with WireGuard off, nothing, and rows are judged by themselves.</summary>
public sealed record PeerRules
{
    /// <summary>This host's own key, which is no peer.</summary>
    public PeerKey? OwnKey { get; init; }

    /// <summary>This host's addresses inside the tunnel, which are no peer's.</summary>
    public IReadOnlyList<TunnelAddress> OwnAddresses { get; init; } = [];

    /// <summary>Reads the key in a file; null when nobody needs it. A table does not open files.</summary>
    public Func<string, KeyRead>? ReadPresharedKey { get; init; }
}
