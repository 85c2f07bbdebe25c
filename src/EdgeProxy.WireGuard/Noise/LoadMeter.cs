namespace EdgeProxy.WireGuard;

/// <summary>
/// Tells when handshakes come faster than they should be worked off: a bucket of tokens for the whole device, empty
/// under load and for a second after. Guarded by its owner.
/// </summary>
internal struct LoadMeter
{
    /// <summary>
    /// An answer costs about 0.2 ms (WireGuardBenchmarks.Handshake), so these take some four hundredths of a core.
    /// </summary>
    private const long PerSecond = 200;

    private const long TokenNs = Timers.Second / PerSecond;
    private const long FullNs = Timers.Second;

    private long _tokensNs = FullNs;
    private long _seenNs = Moment.Never;
    private long _loadedUntilNs = Moment.Never;

    public LoadMeter()
    {
    }

    /// <summary>Counts one handshake message.</summary>
    public bool IsUnderLoad(long nowNs)
    {
        if (_seenNs != Moment.Never) { _tokensNs = Math.Min(FullNs, _tokensNs + Math.Max(0, nowNs - _seenNs)); }
        _seenNs = nowNs;
        if (_tokensNs >= TokenNs) { _tokensNs -= TokenNs; }
        else { _loadedUntilNs = nowNs + Timers.Second; }
        return _loadedUntilNs != Moment.Never && nowNs < _loadedUntilNs;
    }
}
