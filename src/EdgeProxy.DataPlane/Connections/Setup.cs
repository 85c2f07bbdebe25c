using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>
/// What only matters until a connection is established, kept apart so that an established one does not carry it; a
/// client that came by a PROXY header keeps it for its peer's address.
/// </summary>
internal struct Setup : ISlot
{
    internal AttemptHistory History;
    internal IpEndpoint Peer;
    internal long ConnectStartedNs; // Of the first attempt.
    internal long AttemptStartedNs;
    internal int OpenPauseMs;       // Last pause before the backend's descriptor was asked for again.

    public int NextFree { get; set; }
}
