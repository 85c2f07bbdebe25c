namespace EdgeProxy.Linux;

/// <summary>What is to be true of the kernel's WireGuard device; null leaves a value as it is.</summary>
public sealed class WireGuardDeviceChange
{
    public required string Name { get; init; }

    /// <summary>32 bytes; all zero for none.</summary>
    public byte[]? PrivateKey { get; init; }

    public ushort? ListenPort { get; init; }

    /// <summary>0 is none.</summary>
    public uint? Mark { get; init; }

    /// <summary>Those given are all it has.</summary>
    public bool ReplacePeers { get; init; }

    public IReadOnlyList<WireGuardPeerChange> Peers { get; init; } = [];
}
