namespace EdgeProxy.WireGuard;

/// <summary>What a peer's timers want.</summary>
/// <param name="Length">How much of the output to send to the peer's endpoint; 0 is nothing.</param>
/// <param name="DueNs">When to tick again at the latest, on the monotonic clock; before now means at once.</param>
/// <param name="HandshakeFailed">An initiation went unanswered: its endpoint's name may be worth resolving
/// again.</param>
public readonly record struct TickOutcome(int Length, long DueNs, bool HandshakeFailed);
