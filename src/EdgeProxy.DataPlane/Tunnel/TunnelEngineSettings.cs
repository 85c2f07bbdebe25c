using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>
/// What the built-in WireGuard engine is started with; peers and keys come as <see cref="TunnelChange"/>s.
/// </summary>
public sealed class TunnelEngineSettings
{
    /// <summary>Name of the interface it makes.</summary>
    public required string InterfaceName { get; init; }

    /// <summary>Threads, each with a queue of the interface and a socket of its own; a flow stays with one.</summary>
    public required int Workers { get; init; }

    /// <summary>UDP; 0 takes any free one.</summary>
    public ushort ListenPort { get; init; }

    /// <summary>Bytes of the largest packet inside.</summary>
    public int Mtu { get; init; } = 1420;

    /// <summary>
    /// This host's addresses inside the tunnel. Given, the interface gets them, comes up, and has a route to every
    /// peer's blocks; without one all of that is left to others, as it is with wireguard-go.
    /// </summary>
    public IReadOnlyList<TunnelAddress> Addresses { get; init; } = [];

    /// <summary>
    /// A peer is called as soon as it is known, not with its first packet: one that still has a session with who was
    /// here before a restart would go on sealing under it for as long as it hears nothing.
    /// </summary>
    public bool CallsNewPeers { get; init; }

    /// <summary>Told what could not be routed, as sentences with the cure.</summary>
    public Action<string>? RouteProblem { get; init; }

    /// <summary>Told of a peer that did not answer an initiation, so that its name is looked up again.</summary>
    public Action<PeerKey>? HandshakeFailed { get; init; }
}
