namespace EdgeProxy.WireGuard;

/// <summary>What a receiver index stands for: a handshake of a peer, and the session that came of it.</summary>
internal sealed class IndexEntry(uint index, Peer peer)
{
    private Session? _session;

    public uint Index { get; } = index;

    public Peer Peer { get; } = peer;

    /// <summary>Null as long as the handshake is not answered.</summary>
    public Session? Session
    {
        get => Volatile.Read(ref _session);
        set => Volatile.Write(ref _session, value);
    }
}
