namespace EdgeProxy.WireGuard;

/// <summary>
/// The constants of the protocol (https://www.wireguard.com/papers/wireguard.pdf, §6), in nanoseconds.
/// </summary>
internal static class Timers
{
    public const long Second = 1_000_000_000;

    public const long RekeyAfter = 120 * Second;
    public const long RejectAfter = 180 * Second;
    public const long RekeyTimeout = 5 * Second;
    public const long RekeyAttempts = 90 * Second;
    public const long Keepalive = 10 * Second;
    public const long CookieSecret = 120 * Second;

    /// <summary>
    /// A cookie is dropped a little before its maker forgets the secret, or it would arrive too late.
    /// </summary>
    public const long CookieUse = CookieSecret - (5 * Second);

    /// <summary>
    /// Two ends that began together drift apart by this much (drivers/net/wireguard/messages.h: a third).
    /// </summary>
    public const long JitterMax = Second / 3;

    /// <summary>Data sent and nothing heard for so long: the other end has lost the session.</summary>
    public const long Silence = Keepalive + RekeyTimeout;

    /// <summary>
    /// The initiator renews a session it only receives on when a whole attempt still fits before its end.
    /// </summary>
    public const long RekeyOnReceiveAfter = RejectAfter - Keepalive - RekeyTimeout;

    /// <summary>
    /// One initiation of a peer in so long; the time stamps in them are as coarse (messages.h: 50 per second).
    /// </summary>
    public const long InitiationSpacing = Second / 50;

    public const ulong RekeyAfterMessages = 1UL << 60;
    public const ulong RejectAfterMessages = ulong.MaxValue - (1UL << 13);

    public const int AttemptsMax = (int)(RekeyAttempts / RekeyTimeout);
}
