using System.Buffers.Binary;
using EdgeProxy.Crypto;

namespace EdgeProxy.WireGuard;

public sealed partial class Peer
{
    private readonly LocalKey?[] _sharedWith = new LocalKey?[2]; // Whose secret PeerSecrets.StaticShared holds.
    private readonly byte[] _lastMac1 = new byte[Messages.MacBytes];
    private IndexEntry? _pending;
    private X25519PrivateKey? _pendingEphemeral;
    private LocalKey? _pendingKey;
    private LocalKey? _agreedKey; // Of the last handshake that came about.
    private Tai64n _lastSent;
    private Tai64n _lastReceived;
    private long _lastReceivedNs = Moment.Never;
    private long _cookieNs = Moment.Never;
    private int _initiationsUnanswered;
    private bool _hasMac1;

    /// <summary>
    /// Asks for a session, or a new one, unless that was done less than five seconds ago. Traffic that wants one calls
    /// this again and again, and so begins the ninety seconds of attempts anew.
    /// </summary>
    /// <param name="suite">The thread's own.</param>
    /// <param name="output">At least 148 bytes.</param>
    /// <param name="now">Both clocks.</param>
    /// <returns>How much of the output to send; 0 is nothing. Tick afterwards: a retry is due.</returns>
    public int Initiate(CipherSuite suite, Span<byte> output, in Moment now)
    {
        lock (_lock)
        {
            _attempts = 0;
            return WriteInitiation(suite, output, now);
        }
    }

    private bool MayInitiate(long nowNs)
    {
        long last = Volatile.Read(ref _lastInitiationNs);
        return last == Moment.Never || nowNs - last >= Timers.RekeyTimeout;
    }

    private int WriteInitiation(CipherSuite suite, Span<byte> output, in Moment now)
    {
        if (_isEnded || _endpoint is null || !MayInitiate(now.Ns)) { return 0; }
        DropHandshake();
        LocalKey own = KeyForInitiation();
        Span<byte> message = output[..Messages.InitiationBytes];
        Span<byte> remote = stackalloc byte[PublicKey.Bytes];
        PublicKey.CopyTo(remote);
        StartRetryTimer(now.Ns);
        if (!TryGetStaticShared(own, out Span<byte> staticShared)) { return 0; }

        IndexEntry entry = _device.Indexes.Add(this);
        X25519PrivateKey ephemeral = _device.NewEphemeral();
        NoiseState state = new(suite, _secrets.Handshake);
        Tai64n sent = Tai64n.FromUnix(now.UnixNs);
        _lastSent = sent > _lastSent ? sent : _lastSent.Next();
        Span<byte> timestamp = stackalloc byte[Messages.TimestampBytes];
        _lastSent.Write(timestamp);

        NoiseIkPsk2.Begin(state, NoiseIkPsk2.WireGuardPrologue, remote);
        (_pending, _pendingEphemeral, _pendingKey) = (entry, ephemeral, own);
        bool written = NoiseIkPsk2.WriteFirst(
            state, ephemeral, own.Private.PublicKey, remote, staticShared, timestamp,
            Noise(message, Messages.InitiationNoiseAt));
        if (!written)
        {
            DropHandshake(); // A key nobody can agree with; it will never be answered.
            return 0;
        }

        WriteHead(message, Messages.Initiation, entry.Index);
        WriteMacs(suite, message, remote, now.Ns);
        _attempts++;
        _initiationsUnanswered++;
        NoteHandshakeSent(message.Length, now.Ns);
        return message.Length;
    }

    /// <summary>
    /// While own keys are being changed, a peer knows one of them or the other: the one it knew last comes first, so
    /// that the change costs nobody a timeout, and then they take turns.
    /// </summary>
    private LocalKey KeyForInitiation()
    {
        LocalKeys keys = _device.Keys;
        if (keys.Other is not { } other) { return keys.Current; }
        bool knewOther = _agreedKey == other;
        bool isOdd = (_initiationsUnanswered & 1) != 0;
        return knewOther == isOdd ? keys.Current : other;
    }

    /// <summary>Our initiation is answered.</summary>
    internal DropReason ReadResponse(
        CipherSuite suite, IndexEntry entry, ReadOnlySpan<byte> message, in Endpoint source, in Moment now,
        out FollowUps followUps)
    {
        followUps = FollowUps.None;
        lock (_lock)
        {
            if (entry != _pending || _isEnded) { return DropReason.UnknownIndex; }

            // On a copy: a forged answer must not spoil what the true one is read with.
            Span<byte> memory = stackalloc byte[NoiseState.Bytes];
            _secrets.Handshake.CopyTo(memory);
            NoiseState state = new(suite, memory);
            if (!NoiseIkPsk2.ReadSecond(
                state, _pendingEphemeral!, _pendingKey!.Private, _secrets.Preshared,
                Noise(message, Messages.ResponseNoiseAt), default))
            {
                Secret.Wipe(memory);
                return DropReason.NotAuthentic;
            }

            uint remoteIndex = BinaryPrimitives.ReadUInt32LittleEndian(message[Messages.IndexAt..]);
            Session session = new(entry, remoteIndex, isInitiator: true, now.Ns);
            state.Split(session.SendKey, session.ReceiveKey);
            Secret.Wipe(memory);
            entry.Session = session;
            _agreedKey = _pendingKey;
            _pending = null; // The index is the session's from here on.
            DropHandshake();
            UseInitiated(session);
            HandshakeDone();
            NoteHandshakeReceived(message.Length, source, now);
            NoteEstablished(now);
            followUps = FollowUps.Tick | (_queue is { Count: > 0 } ? FollowUps.SendQueued : FollowUps.None);
            return DropReason.None;
        }
    }

    /// <summary>
    /// The keepalive that confirms a new session when no packet waits to do it, or that shows we are there.
    /// </summary>
    internal int SealKeepalive(CipherSuite suite, Span<byte> output, long nowNs)
    {
        if (TryBeginSeal(1, nowNs, out SealBatch batch) == SealReadiness.NoSession) { return 0; }
        int length = batch.Seal(suite, output, 0);
        batch.Dispose();
        return length;
    }

    /// <summary>
    /// Answers an initiation of which the first half has been read; the state is the caller's to wipe.
    /// </summary>
    internal DropReason Answer(
        CipherSuite suite, NoiseState state, LocalKey own, ReadOnlySpan<byte> message,
        in Endpoint source, in Moment now, Span<byte> reply)
    {
        ReadOnlySpan<byte> noise = Noise(message, Messages.InitiationNoiseAt);
        lock (_lock)
        {
            Span<byte> timestamp = stackalloc byte[Messages.TimestampBytes];
            if (_isEnded) { return DropReason.UnknownPeer; }
            if (!TryGetStaticShared(own, out Span<byte> staticShared)
                || !NoiseIkPsk2.ReadFirstPayload(state, staticShared, noise, timestamp))
            {
                return DropReason.NotAuthentic;
            }

            Tai64n received = Tai64n.Read(timestamp);
            if (_lastReceivedNs != Moment.Never)
            {
                if (received <= _lastReceived) { return DropReason.OldTimestamp; }
                if (now.Ns - _lastReceivedNs < Timers.InitiationSpacing) { return DropReason.TooSoon; }
            }

            Span<byte> remote = stackalloc byte[PublicKey.Bytes];
            PublicKey.CopyTo(remote);
            using X25519PrivateKey ephemeral = _device.NewEphemeral();
            Span<byte> answer = reply[..Messages.ResponseBytes];
            if (!NoiseIkPsk2.WriteSecond(
                state, ephemeral, noise[..X25519PrivateKey.Bytes], remote, _secrets.Preshared, default,
                Noise(answer, Messages.ResponseNoiseAt)))
            {
                return DropReason.NotAuthentic;
            }

            (_lastReceived, _lastReceivedNs) = (received, now.Ns);
            IndexEntry entry = _device.Indexes.Add(this);
            uint remoteIndex = BinaryPrimitives.ReadUInt32LittleEndian(message[Messages.IndexAt..]);
            Session session = new(entry, remoteIndex, isInitiator: false, now.Ns);
            state.Split(session.ReceiveKey, session.SendKey);
            entry.Session = session;
            _agreedKey = own;
            UseAnswered(session);
            WriteHead(answer, Messages.Response, entry.Index);
            BinaryPrimitives.WriteUInt32LittleEndian(answer[Messages.ResponseReceiverAt..], remoteIndex);
            WriteMacs(suite, answer, remote, now.Ns);
            NoteHandshakeReceived(message.Length, source, now);
            NoteHandshakeSent(answer.Length, now.Ns);
            return DropReason.None;
        }
    }

    /// <summary>The other end is under load and gave us a cookie for the message we sent last (§5.4.7).</summary>
    internal DropReason ReadCookie(CipherSuite suite, ReadOnlySpan<byte> message, long nowNs)
    {
        lock (_lock)
        {
            if (!_hasMac1 || _isEnded) { return DropReason.UnknownIndex; }
            Span<byte> remote = stackalloc byte[PublicKey.Bytes];
            PublicKey.CopyTo(remote);
            Span<byte> key = stackalloc byte[MacKeys.Bytes];
            MacKeys.Cookie(suite, remote, key);
            Span<byte> cookie = stackalloc byte[Messages.MacBytes + Messages.TagBytes];
            message[Messages.CookieAt..].CopyTo(cookie);
            ReadOnlySpan<byte> nonce = message.Slice(Messages.CookieNonceAt, Messages.CookieNonceBytes);
            if (!suite.XAead.Open(key, nonce, _lastMac1, cookie)) { return DropReason.NotAuthentic; }
            cookie[..Messages.MacBytes].CopyTo(_secrets.Cookie);
            _cookieNs = nowNs;
            _hasMac1 = false; // One cookie for one message.
            return DropReason.None;
        }
    }

    private static Span<byte> Noise(Span<byte> message, int at) => message[at..Messages.Mac1At(message.Length)];

    private static ReadOnlySpan<byte> Noise(ReadOnlySpan<byte> message, int at) =>
        message[at..Messages.Mac1At(message.Length)];

    private static void WriteHead(Span<byte> message, uint type, uint index)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(message, type);
        BinaryPrimitives.WriteUInt32LittleEndian(message[Messages.IndexAt..], index);
    }

    private void WriteMacs(CipherSuite suite, Span<byte> message, ReadOnlySpan<byte> remote, long nowNs)
    {
        int mac1At = Messages.Mac1At(message.Length);
        int mac2At = Messages.Mac2At(message.Length);
        Span<byte> key = stackalloc byte[MacKeys.Bytes];
        MacKeys.Mac1(suite, remote, key);
        suite.Blake.Mac(key, message[..mac1At], message[mac1At..mac2At]);
        message[mac1At..mac2At].CopyTo(_lastMac1);
        _hasMac1 = true;
        message[mac2At..].Clear();
        if (_cookieNs != Moment.Never && nowNs - _cookieNs < Timers.CookieUse)
        {
            suite.Blake.Mac(_secrets.Cookie, message[..mac2At], message[mac2At..]);
        }
    }

    /// <summary>Computed at the first handshake with a key, since it is a quarter of one.</summary>
    private bool TryGetStaticShared(LocalKey own, out Span<byte> shared)
    {
        int slot = _sharedWith[0] == own ? 0 : 1;
        shared = _secrets.StaticShared(slot);
        if (_sharedWith[slot] == own) { return true; }
        slot = _sharedWith[0] is null || _sharedWith[0] != _device.Keys.Current ? 0 : 1;
        shared = _secrets.StaticShared(slot);
        Span<byte> remote = stackalloc byte[PublicKey.Bytes];
        PublicKey.CopyTo(remote);
        bool agreed = own.Private.TryAgree(remote, shared);
        _sharedWith[slot] = agreed ? own : null;
        return agreed;
    }

    private void DropHandshake()
    {
        _device.Indexes.Remove(_pending);
        _pendingEphemeral?.Dispose();
        (_pending, _pendingEphemeral, _pendingKey) = (null, null, null);
        Secret.Wipe(_secrets.Handshake);
    }

    /// <summary>
    /// Both ends are known to have the keys: our call was answered, or what we answered was confirmed. An answer alone
    /// proves nothing about the pre-shared key, which goes into it.
    /// </summary>
    private void NoteEstablished(in Moment now)
    {
        _initiationsUnanswered = 0;
        Interlocked.Increment(ref _handshakes);
        Volatile.Write(ref _lastHandshakeUnixNs, now.UnixNs);
        _silenceJitterNs = _device.Jitter();
    }

    private void NoteHandshakeReceived(int bytes, in Endpoint source, in Moment now)
    {
        Heard(source);
        _unansweredSinceNs = Moment.Never;
        _lastTrafficNs = now.Ns;
        Interlocked.Increment(ref _receivedPackets);
        Interlocked.Add(ref _receivedBytes, bytes);
    }

    private void NoteHandshakeSent(int bytes, long nowNs) => NoteSent(1, 0, bytes, nowNs);
}
