using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>What a wg-quick file (wg-quick(8), wg(8)) says that this program can use.</summary>
internal sealed record WgQuickFile
{
    /// <summary>Null for none.</summary>
    public SecretKey? PrivateKey { get; init; }

    public IReadOnlyList<TunnelAddress> Addresses { get; init; } = [];

    /// <summary>Null for any.</summary>
    public ushort? ListenPort { get; init; }

    /// <summary>Null for the default.</summary>
    public int? Mtu { get; init; }

    public IReadOnlyList<WgQuickPeer> Peers { get; init; } = [];

    public void Wipe()
    {
        PrivateKey?.Wipe();
        foreach (WgQuickPeer peer in Peers) { peer.PresharedKey?.Wipe(); }
    }
}
