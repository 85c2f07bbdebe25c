namespace EdgeProxy.Routing;

/// <summary>What the options say about peers; with WireGuard off, nothing, and rows are judged by themselves.</summary>
public sealed record PeerRules
{
    /// <summary>
    /// Whether a key is this host's own, which is no peer; asked anew each time, since keys are changed.
    /// </summary>
    public Func<PeerKey, bool> IsOwnKey { get; init; } = static _ => false;

    /// <summary>This host's addresses inside the tunnel, which are no peer's.</summary>
    public IReadOnlyList<TunnelAddress> OwnAddresses { get; init; } = [];

    /// <summary>Reads the key in a file; null when nobody needs it. A table does not open files.</summary>
    public Func<string, KeyRead>? ReadPresharedKey { get; init; }
}
