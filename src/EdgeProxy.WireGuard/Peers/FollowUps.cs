namespace EdgeProxy.WireGuard;

/// <summary>What else to do about a peer after one of its datagrams.</summary>
[Flags]
public enum FollowUps : byte
{
    None = 0,

    /// <summary>The session should be renewed: call <see cref="Peer.Initiate"/>.</summary>
    Initiate = 1,

    /// <summary>Packets waited for this session: call <see cref="Peer.SealQueued"/> until it says 0.</summary>
    SendQueued = 2,

    /// <summary>Something is due at another time than before: call <see cref="Peer.Tick"/> soon.</summary>
    Tick = 4,
}
