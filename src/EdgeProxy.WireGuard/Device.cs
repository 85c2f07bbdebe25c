using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using EdgeProxy.Crypto;

namespace EdgeProxy.WireGuard;

/// <summary>
/// One end of any number of tunnels: its own keys, its peers by public key, by receiver index and by inner address. It
/// has no socket, no clock and no thread; ARCHITECTURE.md shows how an engine drives it.
/// </summary>
public sealed partial class Device : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PublicKey, Peer> _peersByKey = [];
    private readonly AllowedIps _allowedIps = new();
    private readonly HandshakeGuard _guard;
    private readonly RandomFill _random;
    private Peer[] _peers = [];
    private LocalKeys _keys;

    public Device(CipherSuite suite, ReadOnlySpan<byte> privateKey, RandomFill random)
    {
        _random = random;
        _keys = new LocalKeys(new LocalKey(suite, privateKey), other: null);
        Indexes = new IndexTable(random);
        _guard = new HandshakeGuard(random);
    }

    public PublicKey PublicKey => Keys.Current.Public;

    /// <summary>The key that is answered as well while own keys are being changed; null at other times.</summary>
    public PublicKey? OtherPublicKey => Keys.Other?.Public;

    /// <summary>What was dropped before it could be known whose it was; the rest is counted at its peer.</summary>
    public DropCounters Drops { get; } = new();

    /// <summary>Everybody, as of now.</summary>
    public IReadOnlyList<Peer> Peers => Volatile.Read(ref _peers);

    internal LocalKeys Keys => Volatile.Read(ref _keys);

    internal IndexTable Indexes { get; }

    /// <summary>
    /// Takes other own keys. The first is the one peers are addressed with; initiations to the second are answered as
    /// well, and it is tried where the first finds no answer: the old and the new one while the world learns of a
    /// change. Sessions go on.
    /// </summary>
    public void SetPrivateKeys(CipherSuite suite, ReadOnlySpan<byte> current, ReadOnlySpan<byte> other = default)
    {
        lock (_lock)
        {
            LocalKeys before = _keys;
            LocalKey first = KnownOr(before, new LocalKey(suite, current));
            LocalKey? second = other.IsEmpty || other.SequenceEqual(current)
                ? null : KnownOr(before, new LocalKey(suite, other));
            Volatile.Write(ref _keys, new LocalKeys(first, second));
            foreach (LocalKey? old in (ReadOnlySpan<LocalKey?>)[before.Current, before.Other])
            {
                if (old is not null && old != first && old != second) { old.Dispose(); }
            }
        }
    }

    /// <returns>Null when it is there already or is one of our own keys.</returns>
    public Peer? Add(in PublicKey publicKey)
    {
        lock (_lock)
        {
            bool isOwn = _keys.Current.Public == publicKey || _keys.Other?.Public == publicKey;
            if (isOwn || _peersByKey.ContainsKey(publicKey)) { return null; }

            Peer peer = new(this, publicKey);
            _peersByKey.Add(publicKey, peer);
            Volatile.Write(ref _peers, [.. _peers, peer]);
            return peer;
        }
    }

    /// <summary>Cuts a peer off at once: nothing of its is opened or sealed any more.</summary>
    public void Remove(Peer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        lock (_lock)
        {
            if (!_peersByKey.Remove(peer.PublicKey)) { return; }
            Volatile.Write(ref _peers, Array.FindAll(_peers, each => each != peer));
        }

        _allowedIps.Set(peer, default);
        peer.End();
    }

    public Peer? Find(in PublicKey publicKey)
    {
        lock (_lock) { return _peersByKey.GetValueOrDefault(publicKey); }
    }

    /// <summary>Replaces the blocks of a peer. One that was another's is that one's no more.</summary>
    public void SetAllowedIps(Peer peer, ReadOnlySpan<AllowedIp> blocks) => _allowedIps.Set(peer, blocks);

    public void AddAllowedIp(Peer peer, in AllowedIp block) => _allowedIps.Add(block, peer);

    public IReadOnlyList<AllowedIp> AllowedIpsOf(Peer peer) => _allowedIps.Of(peer);

    /// <summary>
    /// Whose an inner packet from the tunnel is, by its destination; null when it is nobody's or no IP packet.
    /// </summary>
    public Peer? Route(ReadOnlySpan<byte> innerPacket) =>
        InnerPacket.TryRead(innerPacket, out InnerPacket packet) ? _allowedIps.Find(packet.Destination) : null;

    public void Dispose()
    {
        foreach (Peer peer in Peers) { Remove(peer); }
        LocalKeys keys = Keys;
        keys.Current.Dispose();
        keys.Other?.Dispose();
        _guard.Dispose();
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The caller's.")]
    internal X25519PrivateKey NewEphemeral()
    {
        Span<byte> bytes = stackalloc byte[X25519PrivateKey.Bytes];
        _random(bytes);
        X25519PrivateKey key = new(bytes);
        Secret.Wipe(bytes);
        return key;
    }

    internal long Jitter()
    {
        Span<byte> drawn = stackalloc byte[sizeof(uint)];
        _random(drawn);
        return BinaryPrimitives.ReadUInt32LittleEndian(drawn) % Timers.JitterMax;
    }

    private static LocalKey KnownOr(LocalKeys known, LocalKey made)
    {
        LocalKey? found = known.Current.Public == made.Public ? known.Current
            : known.Other?.Public == made.Public ? known.Other : null;
        if (found is not null) { made.Dispose(); }
        return found ?? made;
    }
}
