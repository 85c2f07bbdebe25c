using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using EdgeProxy.Crypto;

namespace EdgeProxy.WireGuard;

/// <summary>
/// A pair of keys two peers agreed on, and its counters. Any thread may seal and open; whoever replaces the session
/// wipes it, which takes effect when the last thread that is using its keys is done.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Wipe disposes of the keys.")]
internal sealed class Session(IndexEntry entry, uint remoteIndex, bool isInitiator, long createdNs)
{
    private const int KeyBytes = Aead.KeyBytes;

    private readonly SecretMemory _keys = new(2 * KeyBytes);
    private readonly ReplayWindow _window = new();
    private SpinGate _windowGate;
    private ulong _nextCounter;

    public Peer Peer => Entry.Peer;

    public IndexEntry Entry { get; } = entry;

    public bool IsInitiator { get; } = isInitiator;

    public long CreatedNs { get; } = createdNs;

    /// <summary>How many were sealed so far; a test sets it near the end.</summary>
    public ulong NextCounter
    {
        get => Volatile.Read(ref _nextCounter);
        set => Volatile.Write(ref _nextCounter, value);
    }

    /// <summary>Filled by the handshake that makes the session, before anybody else sees it.</summary>
    public Span<byte> SendKey => _keys.Bytes[..KeyBytes];

    /// <inheritdoc cref="SendKey"/>
    public Span<byte> ReceiveKey => _keys.Bytes[KeyBytes..];

    public bool IsExpired(long nowNs) => nowNs - CreatedNs >= Timers.RejectAfter;

    /// <summary>The initiator renews it from here on; the other end leaves that to it (§6.2).</summary>
    public bool WantsRekeyOnSend(long nowNs) =>
        NextCounter >= Timers.RekeyAfterMessages || (IsInitiator && nowNs - CreatedNs >= Timers.RekeyAfter);

    public bool WantsRekeyOnReceive(long nowNs) => IsInitiator && nowNs - CreatedNs >= Timers.RekeyOnReceiveAfter;

    /// <summary>Takes counters nobody else gets, and holds the keys until <see cref="Release"/>.</summary>
    public bool TryReserve(int packets, long nowNs, out ulong firstCounter)
    {
        firstCounter = 0;

        // Refused well before the counter could wrap: the 8,192 in between are more than all threads can have in hand.
        if (IsExpired(nowNs) || NextCounter >= Timers.RejectAfterMessages || !_keys.TryAcquire()) { return false; }
        firstCounter = Interlocked.Add(ref _nextCounter, (ulong)packets) - (ulong)packets;
        return true;
    }

    public void HoldAgain() => _keys.AcquireAgain();

    public void Release() => _keys.Release();

    /// <summary>Makes a message of what stands behind its header's room; the caller holds the keys.</summary>
    /// <param name="suite">The thread's own.</param>
    /// <param name="counter">Reserved, and used once.</param>
    /// <param name="message">Header, padded plain text and room for the tag.</param>
    public void Seal(CipherSuite suite, ulong counter, Span<byte> message)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(message, Messages.Data);
        BinaryPrimitives.WriteUInt32LittleEndian(message[Messages.IndexAt..], remoteIndex);
        BinaryPrimitives.WriteUInt64LittleEndian(message[Messages.CounterAt..], counter);
        suite.Aead.Seal(SendKey, counter, default, message[Messages.DataHeaderBytes..]);
    }

    /// <summary>Opens a message in place, then asks the window: a forged counter must not move it.</summary>
    public DropReason Open(CipherSuite suite, Span<byte> message, long nowNs)
    {
        ulong counter = BinaryPrimitives.ReadUInt64LittleEndian(message[Messages.CounterAt..]);
        if (IsExpired(nowNs) || counter >= Timers.RejectAfterMessages) { return DropReason.Expired; }
        if (_window.IsBehind(counter)) { return DropReason.Replayed; }
        if (!_keys.TryAcquire()) { return DropReason.UnknownIndex; }
        bool isAuthentic = suite.Aead.Open(ReceiveKey, counter, default, message[Messages.DataHeaderBytes..]);
        _keys.Release();
        if (!isAuthentic) { return DropReason.NotAuthentic; }
        _windowGate.Enter();
        bool isNew = _window.TryAccept(counter);
        _windowGate.Leave();
        return isNew ? DropReason.None : DropReason.Replayed;
    }

    public void Wipe() => _keys.Dispose();

    internal bool IsWiped => _keys.IsDisposed;
}
