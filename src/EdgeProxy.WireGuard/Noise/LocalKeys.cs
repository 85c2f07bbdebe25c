namespace EdgeProxy.WireGuard;

/// <summary>
/// The own keys in force, published as one: the current one, and another while keys are being changed.
/// </summary>
/// <param name="Current">What we introduce ourselves with.</param>
/// <param name="Other">The one before or after it; peers that know us by it are answered all the same.</param>
internal sealed record LocalKeys(LocalKey Current, LocalKey? Other);
