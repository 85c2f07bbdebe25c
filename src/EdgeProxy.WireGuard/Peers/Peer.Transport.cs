namespace EdgeProxy.WireGuard;

/// <remarks>
/// Three sessions (§6.3):
/// <code>
/// answered, unconfirmed ──first packet under it──► current ──newer one──► previous ──newer one, or 180 s──► wiped
///                        our own, answered ───────────▲
/// </code>
/// </remarks>
public sealed partial class Peer
{
    private Session? _next;
    private Session? _current;
    private Session? _previous;
    private PacketQueue? _queue;

    /// <summary>What is sent under; null when there is none.</summary>
    internal Session? Current => Volatile.Read(ref _current);

    /// <summary>What a packet of this length becomes: header, padding to 16 bytes within the MTU, and tag.</summary>
    public int WireBytes(int innerBytes)
    {
        int padded = (innerBytes + 15) & ~15;
        if (padded > MtuBytes && innerBytes <= MtuBytes) { padded = MtuBytes; }
        return Messages.DataHeaderBytes + padded + Messages.TagBytes;
    }

    /// <summary>Takes the counters of some packets. When ready, the batch must be disposed.</summary>
    public SealReadiness TryBeginSeal(int packets, long nowNs, out SealBatch batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(packets, 1, nameof(packets));
        batch = default;
        Session? session = Current;
        ulong counter = 0;
        if (session?.TryReserve(packets, nowNs, out counter) != true) { return SealReadiness.NoSession; }
        batch = new SealBatch(session, counter, packets, nowNs);
        bool isRekeyDue = session.WantsRekeyOnSend(nowNs) && MayInitiate(nowNs);
        return isRekeyDue ? SealReadiness.ReadyAndRekeyDue : SealReadiness.Ready;
    }

    /// <summary>Keeps a packet until there is a session.</summary>
    /// <returns>False when an older one was dropped for it, which is counted, or the peer was removed.</returns>
    public bool Enqueue(ReadOnlySpan<byte> innerPacket)
    {
        lock (_lock)
        {
            if (_isEnded) { return false; }
            _queue ??= new PacketQueue();
            bool fitted = _queue.Add(innerPacket);
            if (!fitted) { Drops.Add(DropReason.QueueFull); }
            return fitted;
        }
    }

    /// <summary>Seals the next packet that waited.</summary>
    /// <param name="suite">The thread's own.</param>
    /// <param name="output">As long as the longest datagram.</param>
    /// <param name="nowNs">The monotonic clock.</param>
    /// <returns>How much of the output to send; 0 when nothing waits or there is no session.</returns>
    public int SealQueued(CipherSuite suite, Span<byte> output, long nowNs)
    {
        lock (_lock)
        {
            byte[]? packet = _queue?.Peek();
            if (packet is null || TryBeginSeal(1, nowNs, out SealBatch batch) == SealReadiness.NoSession) { return 0; }
            _queue!.Remove();
            packet.CopyTo(output[Messages.DataHeaderBytes..]);
            int length = batch.Seal(suite, output, packet.Length);
            batch.Dispose();
            return length;
        }
    }

    internal void NoteSent(int packets, int dataPackets, long bytes, long nowNs)
    {
        _owesKeepaliveSinceNs = Moment.Never;
        _lastTrafficNs = nowNs;
        if (dataPackets > 0 && _unansweredSinceNs == Moment.Never) { _unansweredSinceNs = nowNs; }
        Interlocked.Add(ref _sentPackets, packets);
        Interlocked.Add(ref _sentBytes, bytes);
    }

    /// <summary>An authentic datagram under one of the sessions.</summary>
    /// <returns>What follows from it.</returns>
    internal FollowUps NoteReceived(Session session, int wireBytes, bool isData, in Endpoint source, in Moment now)
    {
        Heard(source);
        _unansweredSinceNs = Moment.Never;
        _lastTrafficNs = now.Ns;
        if (isData && _owesKeepaliveSinceNs == Moment.Never) { _owesKeepaliveSinceNs = now.Ns; }
        Interlocked.Increment(ref _receivedPackets);
        Interlocked.Add(ref _receivedBytes, wireBytes);
        FollowUps followUps = FollowUps.None;
        if (session == Volatile.Read(ref _next)) { followUps |= Confirm(session, now); }
        if (session.WantsRekeyOnReceive(now.Ns) && session == Current && MayInitiate(now.Ns))
        {
            followUps |= FollowUps.Initiate;
        }

        return followUps;
    }

    /// <summary>
    /// The first packet under a session we answered shows that the other end has its keys: it is in use now.
    /// </summary>
    private FollowUps Confirm(Session session, in Moment now)
    {
        lock (_lock)
        {
            if (session != _next) { return FollowUps.None; } // Another thread was first.
            DropSession(ref _previous);
            _previous = _current;
            Volatile.Write(ref _current, session);
            _next = null;
            HandshakeDone();
            NoteEstablished(now);
            return FollowUps.Tick | (_queue is { Count: > 0 } ? FollowUps.SendQueued : FollowUps.None);
        }
    }

    /// <summary>Our initiation was answered: we send under it at once.</summary>
    private void UseInitiated(Session session)
    {
        DropSession(ref _previous);
        _previous = _next ?? _current;
        if (_next is not null) { DropSession(ref _current); }
        _next = null;
        Volatile.Write(ref _current, session);
    }

    /// <summary>We answered: it waits for its confirmation.</summary>
    private void UseAnswered(Session session)
    {
        DropSession(ref _previous);
        DropSession(ref _next);
        _next = session;
    }

    private void DropSession(ref Session? place)
    {
        Session? session = place;
        if (session is null) { return; }
        Volatile.Write(ref place, null);
        _device.Indexes.Remove(session.Entry);
        session.Wipe();
    }
}
