namespace EdgeProxy.ControlPlane;

/// <summary>What <see cref="HttpHead.Read"/> made of the bytes so far.</summary>
internal enum HttpHeadOutcome : byte
{
    /// <summary>Everything so far is right, and the head is not all there.</summary>
    Incomplete,

    Complete,

    /// <summary>Not HTTP/1.x as RFC 9112 writes it: 400.</summary>
    Malformed,

    /// <summary>The request target is longer than <see cref="HttpHead.TargetBytesMax"/>: 414.</summary>
    TargetTooLong,

    /// <summary>The head is longer than <see cref="HttpHead.BytesMax"/> or has too many fields: 431.</summary>
    TooLarge,

    /// <summary>A major version other than 1: 505.</summary>
    VersionUnknown,
}
