namespace EdgeProxy.Linux;

/// <summary>The kernel's WireGuard device, as it says.</summary>
public sealed class WireGuardDeviceState
{
    public int Index { get; internal set; }

    public string Name { get; internal set; } = "";

    public byte[] PublicKey { get; internal set; } = [];

    public ushort ListenPort { get; internal set; }

    public uint Mark { get; internal set; }

    public List<WireGuardPeerState> Peers { get; } = [];
}
