namespace EdgeProxy.Testing;

/// <summary>
/// One direction of a TCP connection: the sender's buffer, segments under way, the receiver's buffer. Bytes stay in
/// order, are cut anywhere, arrive late, and wait at the sender while the receiver's buffer is full.
/// </summary>
internal sealed class SimulatedWire(SimulatedWorld world, SimulatedSocket from, SimulatedSocket to)
{
    private const int SegmentBytesMax = 64 * 1024;
    private readonly ByteQueue _unsent = new();
    private readonly ByteQueue _received = new();
    private readonly int _sendCapacity = world.Settings.SendBufferBytes;
    private readonly int _receiveCapacity = world.Settings.ReceiveBufferBytes;
    private int _inFlight;
    private int _epoch; // Raised by a reset: what was under way is then lost.
    private long _lastArrivalNs;
    private bool _finQueued;
    private bool _finSent;

    /// <summary>Bytes the receiver may read.</summary>
    public int Available => _received.Count;

    public int ReceiveCapacity => _receiveCapacity;

    /// <summary>The sender's FIN has arrived; it counts once what came before it has been read.</summary>
    public bool FinArrived { get; private set; }

    /// <summary>Bytes written and not yet in the receiver's hands (SIOCOUTQ).</summary>
    public int Unacknowledged => _unsent.Count + _inFlight;

    public int Room => Math.Max(0, _sendCapacity - Unacknowledged);

    /// <summary>__sk_stream_is_writeable: a third of the buffer must be free before a sender is woken.</summary>
    public bool HasRoomToWake => Room >= Unacknowledged / 2 && Room > 0;

    /// <summary>Nothing arrives before this moment: the handshake's end, for data of an eager server.</summary>
    public void NothingBefore(long ns) => _lastArrivalNs = Math.Max(_lastArrivalNs, ns);

    public int Write(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(bytes.Length, Room);
        _unsent.Write(bytes[..count]);
        Pump();
        return count;
    }

    public int Read(Span<byte> into)
    {
        int count = _received.Read(into);
        Pump();
        return count;
    }

    public void Finish()
    {
        _finQueued = true;
        Pump();
    }

    /// <summary>The sender is gone: what it had not sent is lost, sometimes with what was under way.</summary>
    public void Drop()
    {
        _unsent.Clear();
        _finQueued = false;
        if (!world.Dice.Chance(500)) { return; }
        _epoch++;
        _inFlight = 0;
    }

    /// <summary>Does something at the receiver once everything under way has arrived.</summary>
    public void AfterArrivals(Action action) => world.Time.At(NextArrivalNs(), action);

    private void Pump()
    {
        while (_unsent.Count > 0)
        {
            int window = Math.Min(_receiveCapacity - _received.Count - _inFlight, SegmentBytesMax);
            if (window <= 0) { return; }
            byte[] segment = new byte[world.Dice.PartOf(Math.Min(window, _unsent.Count))];
            _unsent.Read(segment);
            _inFlight += segment.Length;
            int epoch = _epoch;
            world.Time.At(NextArrivalNs(), () => Arrive(segment, epoch));
        }

        if (_finQueued && !_finSent)
        {
            _finSent = true;
            int epoch = _epoch;
            world.Time.At(NextArrivalNs(), () => ArriveFin(epoch));
        }
    }

    private long NextArrivalNs() =>
        _lastArrivalNs = Math.Max(_lastArrivalNs, world.Time.NowNs + world.Dice.Delay(world.Settings.DelayNs));

    private void Arrive(byte[] segment, int epoch)
    {
        if (epoch != _epoch || to.IsDead) { return; }
        _inFlight -= segment.Length;
        if (to.IsClosed)
        {
            to.RefuseData(); // Bytes for a socket nobody holds are answered with a RST (RFC 9293 §3.10.7.4).
            return;
        }

        _received.Write(segment);
        to.NoteChange();
        from.NoteChange();
        Pump();
    }

    private void ArriveFin(int epoch)
    {
        if (epoch != _epoch || to.IsDead) { return; }
        FinArrived = true;
        to.NoteChange();
    }
}
