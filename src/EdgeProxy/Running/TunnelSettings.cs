using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>What the options say about the WireGuard backhaul that is on.</summary>
internal sealed class TunnelSettings
{
    /// <summary>Never <see cref="WireGuardMode.Off"/>.</summary>
    public required WireGuardMode Mode { get; init; }

    /// <summary>Name of the interface.</summary>
    public required string Name { get; init; }

    public required IReadOnlyList<TunnelAddress> Addresses { get; init; }

    /// <summary>UDP; 0 takes any.</summary>
    public required ushort ListenPort { get; init; }

    /// <summary>Bytes of the largest packet inside.</summary>
    public required int Mtu { get; init; }

    /// <summary>File of the private key.</summary>
    public required string KeyPath { get; init; }
}
