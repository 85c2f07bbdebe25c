using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>A backend of a rig: where it is, and what its row in the table says.</summary>
public sealed class RigBackend(string id, SocketAddress address)
{
    public string Id { get; } = id;

    public SocketAddress Address { get; } = address;

    public int Weight { get; set; } = 1;

    public int HardLimit { get; set; }

    public bool Healthy { get; set; } = true;

    public bool Deleted { get; set; }

    /// <summary>What its connections play; each has its own.</summary>
    public List<Peer> Peers { get; } = [];
}
