namespace EdgeProxy.Linux;

/// <summary>The kernel's WireGuard device, as it says.</summary>
public sealed class WireGuardDeviceState
{
    internal int Index { get; set; }

    internal string Name { get; set; } = "";

    public byte[] PublicKey { get; set; } = [];

    public ushort ListenPort { get; internal set; }

    public uint Mark { get; internal set; }

    public List<WireGuardPeerState> Peers { get; } = [];
}
