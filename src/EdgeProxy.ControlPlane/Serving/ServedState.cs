namespace EdgeProxy.ControlPlane;

/// <summary>
/// Where a served connection stands. Free → Reading → Writing → Lingering → Free; any of them → Free when the peer
/// goes, the time is up or a newer connection needs the place.
/// </summary>
internal enum ServedState : byte
{
    Free,

    /// <summary>Taking in the request.</summary>
    Reading,

    /// <summary>Sending the answer.</summary>
    Writing,

    /// <summary>
    /// Everything is sent and our side is finished; reading on until the peer finishes too, because closing with unread
    /// bytes would turn into a RST that can overtake the answer (RFC 9112 §9.6).
    /// </summary>
    Lingering,
}
