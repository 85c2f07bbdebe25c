using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>What a wg-quick file (wg-quick(8), wg(8)) says that this program can use.</summary>
internal sealed class WgQuickFile
{
    /// <summary>Null for none.</summary>
    public SecretKey? PrivateKey { get; set; }

    public IReadOnlyList<TunnelAddress> Addresses { get; set; } = [];

    /// <summary>Null for any.</summary>
    public ushort? ListenPort { get; set; }

    /// <summary>Null for the default.</summary>
    public int? Mtu { get; set; }

    public IReadOnlyList<WgQuickPeer> Peers { get; set; } = [];

    public void Wipe()
    {
        PrivateKey?.Wipe();
        foreach (WgQuickPeer peer in Peers) { peer.PresharedKey?.Wipe(); }
    }
}
