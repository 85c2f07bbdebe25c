namespace EdgeProxy.WireGuard;

/// <summary>What came of a datagram.</summary>
public readonly struct ReceiveOutcome
{
    public ReceiveKind Kind { get; private init; }

    /// <summary>Why it was dropped. A reply can be to a dropped message too: then it carries a cookie.</summary>
    internal DropReason Reason { get; private init; }

    public FollowUps FollowUps { get; private init; }

    /// <summary>Where the inner packet begins in the datagram.</summary>
    public int Offset { get; private init; }

    /// <summary>Of the inner packet or the reply.</summary>
    public int Length { get; private init; }

    /// <summary>Whom it was from, when that is certain.</summary>
    public Peer? Peer { get; private init; }

    internal static ReceiveOutcome Nothing(Peer peer, FollowUps followUps = FollowUps.None) =>
        new() { Peer = peer, FollowUps = followUps };

    internal static ReceiveOutcome ForTunnel(Peer peer, int length, FollowUps followUps) => new()
    {
        Kind = ReceiveKind.Tunnel,
        Peer = peer,
        Offset = Messages.DataHeaderBytes,
        Length = length,
        FollowUps = followUps,
    };

    internal static ReceiveOutcome Reply(
        Peer? peer, int length, FollowUps followUps, DropReason reason = DropReason.None) =>
        new() { Kind = ReceiveKind.Reply, Peer = peer, Length = length, FollowUps = followUps, Reason = reason };

    internal static ReceiveOutcome Drop(DropReason reason, Peer? peer = null, FollowUps followUps = FollowUps.None) =>
        new() { Kind = ReceiveKind.Drop, Reason = reason, Peer = peer, FollowUps = followUps };
}
