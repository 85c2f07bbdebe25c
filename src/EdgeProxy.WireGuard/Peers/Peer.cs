using System.Diagnostics.CodeAnalysis;

namespace EdgeProxy.WireGuard;

/// <summary>
/// The other end of a tunnel: who it is, where it was heard last, its sessions and its timers.
/// </summary>
/// <remarks>
/// Any thread may call anything. Packets in an established session take no lock; handshakes, timers and the queue take
/// the peer's. Times the packets note are plain writes: two threads that note the same second do no harm.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Device.Remove ends a peer; End disposes of its secrets.")]
public sealed partial class Peer
{
    private readonly Lock _lock = new();
    private readonly Device _device;
    private readonly PeerSecrets _secrets = new();
    private EndpointBox? _endpoint;
    private bool _isEnded;
    private int _keepaliveSeconds;
    private long _receivedBytes;
    private long _receivedPackets;
    private long _sentBytes;
    private long _sentPackets;
    private long _handshakes;
    private long _endpointChanges;
    private long _lastHandshakeUnixNs;

    internal Peer(Device device, in PublicKey publicKey)
    {
        _device = device;
        PublicKey = publicKey;
    }

    public PublicKey PublicKey { get; }

    /// <summary>The longest inner packet that fits the path; padding does not go beyond it.</summary>
    public int MtuBytes { get; set; } = 1420;

    /// <summary>
    /// Seconds after which something is sent in any case, for a mapping of NAT on the way; 0 is never.
    /// </summary>
    public int KeepaliveSeconds
    {
        get => Volatile.Read(ref _keepaliveSeconds);
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, ushort.MaxValue, nameof(value));
            Volatile.Write(ref _keepaliveSeconds, value);
        }
    }

    /// <summary>Where to send; null until it is given or the peer is heard. What was heard last counts.</summary>
    public Endpoint? Endpoint
    {
        get => Volatile.Read(ref _endpoint)?.Endpoint;
        set => Volatile.Write(ref _endpoint, value is { } endpoint ? new EndpointBox(endpoint) : null);
    }

    internal bool HasPresharedKey
    {
        get { lock (_lock) { return !_isEnded && _secrets.Preshared.ContainsAnyExcept((byte)0); } }
    }

    /// <summary>As they go over the wire, handshakes included.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    public long ReceivedPackets => Volatile.Read(ref _receivedPackets);

    public long SentBytes => Volatile.Read(ref _sentBytes);

    public long SentPackets => Volatile.Read(ref _sentPackets);

    public long Handshakes => Volatile.Read(ref _handshakes);

    public long EndpointChanges => Volatile.Read(ref _endpointChanges);

    /// <summary>0 when there was none.</summary>
    public long LastHandshakeUnixNs => Volatile.Read(ref _lastHandshakeUnixNs);

    public DropCounters Drops { get; } = new();

    /// <summary>Packets that wait for a session.</summary>
    public int QueuedPackets
    {
        get { lock (_lock) { return _queue?.Count ?? 0; } }
    }

    /// <summary>Zeros, or nothing, are no key. It counts from the next handshake on.</summary>
    public void SetPresharedKey(ReadOnlySpan<byte> key)
    {
        if (!key.IsEmpty) { ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, Messages.KeyBytes, nameof(key)); }
        lock (_lock)
        {
            if (_isEnded) { return; }
            _secrets.Preshared.Clear();
            key.CopyTo(_secrets.Preshared);
        }
    }

    /// <summary>For whoever may see everything; the copy is the caller's to wipe.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryCopyPresharedKey(Span<byte> key)
    {
        lock (_lock)
        {
            if (_isEnded || !_secrets.Preshared.ContainsAnyExcept((byte)0)) { return false; }
            _secrets.Preshared.CopyTo(key);
            return true;
        }
    }

    /// <summary>Forgets everything that was agreed with it.</summary>
    internal void End()
    {
        lock (_lock)
        {
            if (_isEnded) { return; }
            _isEnded = true;
            DropHandshake();
            DropSession(ref _next);
            DropSession(ref _current);
            DropSession(ref _previous);
            _queue?.Clear();
            _secrets.Dispose();
        }
    }

    /// <summary>Only a datagram that was authentic moves it (§2.1).</summary>
    private void Heard(in Endpoint source)
    {
        EndpointBox? known = Volatile.Read(ref _endpoint);
        if (known is not null && known.Endpoint == source) { return; }
        if (known is not null && known.Endpoint.WithoutLocal != source.WithoutLocal)
        {
            Interlocked.Increment(ref _endpointChanges);
        }

        Volatile.Write(ref _endpoint, new EndpointBox(source));
    }

    /// <summary>Published whole, since other threads read it.</summary>
    private sealed class EndpointBox(Endpoint endpoint)
    {
        public Endpoint Endpoint { get; } = endpoint;
    }
}
