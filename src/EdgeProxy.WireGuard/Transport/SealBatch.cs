using System.Diagnostics.CodeAnalysis;

namespace EdgeProxy.WireGuard;

/// <summary>
/// A number of packets about to be sealed for one peer: their counters are taken and the keys are held until it is
/// disposed. One thread has it; <see cref="TakeFirst"/> gives another thread a part with counters of its own. A copy
/// would seal two packets under one counter: pass it by reference.
/// </summary>
[SuppressMessage("Performance", "CA1815", Justification = "Never compared.")]
public struct SealBatch : IDisposable
{
    private readonly Session? _session;
    private readonly long _nowNs;
    private ulong _counter;
    private int _left;
    private int _packets;
    private int _dataPackets;
    private long _bytes;

    internal SealBatch(Session session, ulong counter, int packets, long nowNs)
    {
        _session = session;
        _counter = counter;
        _left = packets;
        _nowNs = nowNs;
    }

    /// <summary>How many more may be sealed.</summary>
    internal readonly int Left => _left;

    /// <summary>Seals in place: 16 bytes of room, the inner packet, then room for padding and a tag.</summary>
    /// <param name="suite">The thread's own.</param>
    /// <param name="buffer">At least <see cref="Peer.WireBytes"/> long.</param>
    /// <param name="innerBytes">The length of the packet; 0 is a keepalive.</param>
    /// <returns>How much of the buffer to send.</returns>
    public int Seal(CipherSuite suite, Span<byte> buffer, int innerBytes)
    {
        if (_left <= 0 || _session is null) { throw new InvalidOperationException("The batch is used up."); }
        int wireBytes = _session.Peer.WireBytes(innerBytes);
        int paddedEnd = wireBytes - Messages.TagBytes;
        buffer[(Messages.DataHeaderBytes + innerBytes)..paddedEnd].Clear();
        _left--;
        _session.Seal(suite, _counter++, buffer[..wireBytes]);
        _packets++;
        if (innerBytes > 0) { _dataPackets++; }
        _bytes += wireBytes;
        return wireBytes;
    }

    /// <summary>Splits off the first counters, for packets that come first; both parts are disposed of.</summary>
    internal SealBatch TakeFirst(int packets)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)packets, (uint)_left, nameof(packets));
        if (_session is null) { return default; }
        _session.HoldAgain();
        SealBatch first = new(_session, _counter, packets, _nowNs);
        _counter += (ulong)packets;
        _left -= packets;
        return first;
    }

    /// <summary>Lets go of the keys and notes what was sent; counters left over are never used.</summary>
    public void Dispose()
    {
        if (_session is null) { return; }
        _session.Release();
        if (_packets > 0) { _session.Peer.NoteSent(_packets, _dataPackets, _bytes, _nowNs); }
        this = default;
    }
}
