namespace EdgeProxy.WireGuard;

/// <summary>What a peer says to a wish to seal.</summary>
public enum SealReadiness : byte
{
    /// <summary>No usable session: queue the packet and call <see cref="Peer.Initiate"/>.</summary>
    NoSession,

    Ready,

    /// <summary>Ready, and the session should be renewed: call <see cref="Peer.Initiate"/> as well.</summary>
    ReadyAndRekeyDue,
}
