using System.Buffers.Binary;
using EdgeProxy.Crypto;

namespace EdgeProxy.WireGuard;

public sealed partial class Device
{
    /// <summary>The room a reply needs.</summary>
    public const int ReplyBytesMax = Messages.InitiationBytes;

    /// <summary>Takes a datagram. What it holds is opened in its own buffer.</summary>
    /// <param name="suite">The thread's own.</param>
    /// <param name="datagram">Anything at all.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="now">Both clocks.</param>
    /// <param name="reply">At least <see cref="ReplyBytesMax"/> bytes, written only when the outcome says so.</param>
    public ReceiveOutcome Receive(
        CipherSuite suite, Span<byte> datagram, in Endpoint source, in Moment now, Span<byte> reply)
    {
        uint type = datagram.Length < Messages.KeepaliveBytes ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(datagram);
        ReceiveOutcome outcome = (type, datagram.Length) switch
        {
            (Messages.Data, _) => ReceiveData(suite, datagram, source, now),
            (Messages.Initiation, Messages.InitiationBytes) => ReceiveHandshake(suite, datagram, source, now, reply),
            (Messages.Response, Messages.ResponseBytes) => ReceiveHandshake(suite, datagram, source, now, reply),
            (Messages.CookieReply, Messages.CookieReplyBytes) => ReceiveCookie(suite, datagram, now),
            _ => ReceiveOutcome.Drop(DropReason.Malformed),
        };
        if (outcome.Reason != DropReason.None) { (outcome.Peer?.Drops ?? Drops).Add(outcome.Reason); }
        return outcome;
    }

    private ReceiveOutcome ReceiveData(CipherSuite suite, Span<byte> datagram, in Endpoint source, in Moment now)
    {
        IndexEntry? entry = Indexes.Find(BinaryPrimitives.ReadUInt32LittleEndian(datagram[Messages.IndexAt..]));
        if (entry?.Session is not { } session) { return ReceiveOutcome.Drop(DropReason.UnknownIndex); }
        Peer peer = session.Peer;
        DropReason reason = session.Open(suite, datagram, now.Ns);
        if (reason != DropReason.None) { return ReceiveOutcome.Drop(reason, peer); }

        Span<byte> inner = datagram[Messages.DataHeaderBytes..^Messages.TagBytes];
        FollowUps followUps = peer.NoteReceived(session, datagram.Length, !inner.IsEmpty, source, now);
        if (inner.IsEmpty) { return ReceiveOutcome.Nothing(peer, followUps); }
        if (!InnerPacket.TryRead(inner, out InnerPacket packet))
        {
            return ReceiveOutcome.Drop(DropReason.BadInnerPacket, peer, followUps);
        }

        return _allowedIps.Find(packet.Source) == peer
            ? ReceiveOutcome.ForTunnel(peer, packet.Length, followUps)
            : ReceiveOutcome.Drop(DropReason.ForeignSource, peer, followUps);
    }

    private ReceiveOutcome ReceiveHandshake(
        CipherSuite suite, ReadOnlySpan<byte> message, in Endpoint source, in Moment now, Span<byte> reply)
    {
        if (KeyOf(suite, message) is not { } key) { return ReceiveOutcome.Drop(DropReason.BadMac1); }
        DropReason reason = _guard.Admit(suite, key, message, source, now.Ns, reply);
        if (reason == DropReason.CookieSent)
        {
            return ReceiveOutcome.Reply(null, Messages.CookieReplyBytes, FollowUps.None, reason);
        }

        if (reason != DropReason.None) { return ReceiveOutcome.Drop(reason); }
        return message.Length == Messages.InitiationBytes
            ? ReceiveInitiation(suite, key, message, source, now, reply)
            : ReceiveResponse(suite, message, source, now, reply);
    }

    private ReceiveOutcome ReceiveInitiation(
        CipherSuite suite, LocalKey key, ReadOnlySpan<byte> message, in Endpoint source, in Moment now,
        Span<byte> reply)
    {
        Span<byte> memory = stackalloc byte[NoiseState.Bytes];
        NoiseState state = new(suite, memory);
        Span<byte> initiator = stackalloc byte[PublicKey.Bytes];
        NoiseIkPsk2.Begin(state, NoiseIkPsk2.WireGuardPrologue, key.Private.PublicKey);
        ReadOnlySpan<byte> noise = message[Messages.InitiationNoiseAt..Messages.Mac1At(message.Length)];
        Peer? peer = null;
        DropReason reason = DropReason.NotAuthentic;
        if (NoiseIkPsk2.ReadFirst(state, key.Private, noise, initiator))
        {
            peer = Find(new PublicKey(initiator));
            reason = peer?.Answer(suite, state, key, message, source, now, reply) ?? DropReason.UnknownPeer;
        }

        Secret.Wipe(memory);

        // Who it says to be is not certain before it is answered, so what fails is the device's.
        return reason == DropReason.None
            ? ReceiveOutcome.Reply(peer, Messages.ResponseBytes, FollowUps.Tick)
            : ReceiveOutcome.Drop(reason);
    }

    private ReceiveOutcome ReceiveResponse(
        CipherSuite suite, ReadOnlySpan<byte> message, in Endpoint source, in Moment now, Span<byte> reply)
    {
        uint index = BinaryPrimitives.ReadUInt32LittleEndian(message[Messages.ResponseReceiverAt..]);
        IndexEntry? entry = Indexes.Find(index);
        if (entry is null) { return ReceiveOutcome.Drop(DropReason.UnknownIndex); }
        DropReason reason = entry.Peer.ReadResponse(suite, entry, message, source, now, out FollowUps followUps);
        if (reason != DropReason.None) { return ReceiveOutcome.Drop(reason); }
        if ((followUps & FollowUps.SendQueued) != 0) { return ReceiveOutcome.Nothing(entry.Peer, followUps); }
        int length = entry.Peer.SealKeepalive(suite, reply, now.Ns);
        return length > 0
            ? ReceiveOutcome.Reply(entry.Peer, length, followUps)
            : ReceiveOutcome.Nothing(entry.Peer, followUps);
    }

    private ReceiveOutcome ReceiveCookie(CipherSuite suite, ReadOnlySpan<byte> message, in Moment now)
    {
        IndexEntry? entry = Indexes.Find(BinaryPrimitives.ReadUInt32LittleEndian(message[Messages.IndexAt..]));
        DropReason reason = entry?.Peer.ReadCookie(suite, message, now.Ns) ?? DropReason.UnknownIndex;
        return reason == DropReason.None ? ReceiveOutcome.Nothing(entry!.Peer) : ReceiveOutcome.Drop(reason);
    }

    /// <summary>Which of our keys the sender of a handshake message had in mind.</summary>
    private LocalKey? KeyOf(CipherSuite suite, ReadOnlySpan<byte> message)
    {
        LocalKeys keys = Keys;
        if (HasMac1(suite, keys.Current, message)) { return keys.Current; }
        return keys.Other is { } other && HasMac1(suite, other, message) ? other : null;
    }

    private static bool HasMac1(CipherSuite suite, LocalKey key, ReadOnlySpan<byte> message)
    {
        int mac1At = Messages.Mac1At(message.Length);
        Span<byte> mac1 = stackalloc byte[Messages.MacBytes];
        suite.Blake.Mac(key.Mac1Key, message[..mac1At], mac1);
        return Secret.AreEqual(mac1, message.Slice(mac1At, Messages.MacBytes));
    }
}
