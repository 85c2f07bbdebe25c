namespace EdgeProxy.WireGuard;

public sealed partial class Peer
{
    // Written by whoever passes packets, without a lock. No deadline that follows from them is nearer than ten seconds
    // after they are written, so a tick every ten seconds misses none of them.
    private long _owesKeepaliveSinceNs = Moment.Never;
    private long _unansweredSinceNs = Moment.Never;
    private long _lastTrafficNs = Moment.Never;

    private long _lastInitiationNs = Moment.Never;
    private long _retryDueNs = Moment.Never;
    private long _silenceJitterNs;
    private int _attempts;
    private bool _wantsRekey;

    /// <summary>
    /// Does one thing that is due and says when to come again. Call it until it has nothing to send, then at
    /// <see cref="TickOutcome.DueNs"/>, after <see cref="Initiate"/>, and when <see cref="FollowUps.Tick"/> says so.
    /// </summary>
    /// <param name="suite">The thread's own.</param>
    /// <param name="output">At least 148 bytes.</param>
    /// <param name="now">Both clocks.</param>
    public TickOutcome Tick(CipherSuite suite, Span<byte> output, in Moment now)
    {
        lock (_lock)
        {
            if (_isEnded) { return new TickOutcome(0, Moment.Forever, HandshakeFailed: false); }
            DropExpired(now.Ns);
            bool failed = false;
            int length = Retry(suite, output, now, ref failed);
            if (length == 0) { length = BreakSilence(suite, output, now); }
            if (length == 0) { length = KeepAlive(suite, output, now); }
            if (length == 0) { length = Rekey(suite, output, now); }
            return new TickOutcome(length, length > 0 ? now.Ns : NextDue(now.Ns), failed);
        }
    }

    private static bool IsDue(long since, long after, long nowNs) => since != Moment.Never && nowNs - since >= after;

    private static long Earlier(long due, long since, long after) =>
        since == Moment.Never ? due : Math.Min(due, since + after);

    private int Retry(CipherSuite suite, Span<byte> output, in Moment now, ref bool failed)
    {
        if (!IsDue(_retryDueNs, 0, now.Ns)) { return 0; }
        failed = true;
        _retryDueNs = Moment.Never;
        if (_attempts < Timers.AttemptsMax) { return WriteInitiation(suite, output, now); }
        _attempts = 0;
        _owesKeepaliveSinceNs = Moment.Never;
        _unansweredSinceNs = Moment.Never;
        DropHandshake();
        Drops.Add(DropReason.NoHandshake, _queue?.Clear() ?? 0);
        return 0;
    }

    /// <summary>Something was sent and nothing came back: the other end may have started anew.</summary>
    private int BreakSilence(CipherSuite suite, Span<byte> output, in Moment now)
    {
        if (!IsDue(_unansweredSinceNs, Timers.Silence + _silenceJitterNs, now.Ns)) { return 0; }
        _unansweredSinceNs = Moment.Never;
        _attempts = 0;
        return WriteInitiation(suite, output, now);
    }

    private int KeepAlive(CipherSuite suite, Span<byte> output, in Moment now)
    {
        bool isOwed = IsDue(_owesKeepaliveSinceNs, Timers.Keepalive, now.Ns);
        bool isPersistent = KeepaliveSeconds > 0
            && (_lastTrafficNs == Moment.Never || IsDue(_lastTrafficNs, KeepaliveSeconds * Timers.Second, now.Ns));
        if (!isOwed && !isPersistent) { return 0; }
        _owesKeepaliveSinceNs = Moment.Never;
        if (isPersistent) { _lastTrafficNs = now.Ns; } // Also when nothing can be sent: an interval later, then.
        int length = SealKeepalive(suite, output, now.Ns);
        _wantsRekey = (length == 0 && isPersistent) || (length > 0 && _current!.WantsRekeyOnSend(now.Ns));
        return length;
    }

    /// <summary>A keepalive found no session, or one that is to be renewed.</summary>
    private int Rekey(CipherSuite suite, Span<byte> output, in Moment now)
    {
        if (!_wantsRekey) { return 0; }
        _wantsRekey = false;
        if (_retryDueNs != Moment.Never) { return 0; } // Already asked.
        _attempts = 0;
        return WriteInitiation(suite, output, now);
    }

    private long NextDue(long nowNs)
    {
        long due = Earlier(Moment.Forever, _retryDueNs, 0);
        due = Earlier(due, _unansweredSinceNs, Timers.Silence + _silenceJitterNs);
        due = Earlier(due, _owesKeepaliveSinceNs, Timers.Keepalive);
        if (KeepaliveSeconds > 0) { due = Earlier(due, _lastTrafficNs, KeepaliveSeconds * Timers.Second); }
        foreach (Session? session in (ReadOnlySpan<Session?>)[_next, _current, _previous])
        {
            if (session is null) { continue; }
            due = Math.Min(due, session.CreatedNs + Timers.RejectAfter);
            due = Math.Min(due, nowNs + Timers.Keepalive); // What packets may make due meanwhile.
        }

        return due;
    }

    /// <summary>After 180 seconds a session opens and seals nothing more: its keys have no reason to exist.</summary>
    private void DropExpired(long nowNs)
    {
        // Nobody waits for its answer: the other end began a session at the same time, and that one is in use.
        bool isForgotten = _pending is not null && _retryDueNs == Moment.Never && MayInitiate(nowNs);
        if (isForgotten) { DropHandshake(); }
        if (_next is { } next && next.IsExpired(nowNs)) { DropSession(ref _next); }
        if (_current is { } current && current.IsExpired(nowNs)) { DropSession(ref _current); }
        if (_previous is { } previous && previous.IsExpired(nowNs)) { DropSession(ref _previous); }
    }

    private void StartRetryTimer(long nowNs)
    {
        Volatile.Write(ref _lastInitiationNs, nowNs);
        _retryDueNs = nowNs + Timers.RekeyTimeout + _device.Jitter();
    }

    private void HandshakeDone()
    {
        _retryDueNs = Moment.Never;
        _attempts = 0;
    }
}
