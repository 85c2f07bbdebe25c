using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>Something to do about a peer.</summary>
internal delegate void PeerAction(in PeerKey peer);
