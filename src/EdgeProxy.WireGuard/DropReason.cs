namespace EdgeProxy.WireGuard;

/// <summary>Why a datagram or packet went nowhere.</summary>
public enum DropReason : byte
{
    None,

    /// <summary>No message of WireGuard: another type, another length.</summary>
    Malformed,

    /// <summary>Not meant for our public key, or not made by who knows it.</summary>
    BadMac1,

    /// <summary>Under load: answered with a cookie instead.</summary>
    CookieSent,

    /// <summary>Under load: too many handshakes from one address.</summary>
    RateLimited,

    /// <summary>No session or handshake has this index (any more).</summary>
    UnknownIndex,

    /// <summary>Sealed by somebody else, or damaged.</summary>
    NotAuthentic,

    /// <summary>A handshake with a public key that is nobody's here.</summary>
    UnknownPeer,

    /// <summary>An initiation not newer than one seen before.</summary>
    OldTimestamp,

    /// <summary>Initiations of one peer too close to each other.</summary>
    TooSoon,

    /// <summary>The session is too old, or its counter used up.</summary>
    Expired,

    /// <summary>Seen before, or further behind than the window remembers.</summary>
    Replayed,

    /// <summary>What was inside is no whole IP packet.</summary>
    BadInnerPacket,

    /// <summary>An inner source address that is not this peer's.</summary>
    ForeignSource,

    /// <summary>No session yet and the queue is full: the oldest packet went.</summary>
    QueueFull,

    /// <summary>No handshake came about within its time: what was waiting for it went.</summary>
    NoHandshake,
}
