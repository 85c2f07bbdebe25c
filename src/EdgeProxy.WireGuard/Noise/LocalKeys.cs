namespace EdgeProxy.WireGuard;

/// <summary>
/// The own keys in force, published as one: the current one, and another while keys are being changed.
/// </summary>
internal sealed class LocalKeys(LocalKey current, LocalKey? other)
{
    /// <summary>What we introduce ourselves with.</summary>
    public LocalKey Current { get; } = current;

    /// <summary>The one before or after it; peers that know us by it are answered all the same.</summary>
    public LocalKey? Other { get; } = other;
}
