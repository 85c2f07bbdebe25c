using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>
/// One end of a simulated TCP connection, with the kernel's rules as the data plane meets them: an error is reported
/// once, to whichever call comes first, and looks like a FIN afterwards; bytes that arrived before a RST can still be
/// read; closing with unread bytes sends a RST.
/// </summary>
internal sealed class SimulatedSocket(SimulatedWorld world)
{
    private SimulatedSocket? _other;
    private SimulatedWire? _in;
    private SimulatedWire? _out;
    private Errno _error;
    private bool _sentFin;

    /// <summary>Called after anything that may let an operation go on.</summary>
    public Action? Changed { get; set; }

    public SocketAddress Local { get; set; }

    public SocketAddress Peer { get; set; }

    public bool IsConnected { get; private set; }

    /// <summary>Reset, refused or timed out.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Its owner has closed it; the kernel may still send what it had.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>SO_RCVLOWAT.</summary>
    public int LowWaterBytes { get; set; } = 1;

    public int UnsentBytes => _out?.Unacknowledged ?? 0;

    /// <summary>Bytes a send would take now.</summary>
    public int Room => _out?.Room ?? 0;

    public int Available => _in?.Available ?? 0;

    public bool IsReadable => IsDead || (_in is not null && (_in.FinArrived || _in.Available >= ReadMark));

    public bool IsWritable => IsDead || _sentFin || (IsConnected && _out!.HasRoomToWake);

    /// <summary>tcp_set_rcvlowat: never more than half of the buffer, or a full window would never count as readable.</summary>
    private int ReadMark => Math.Clamp(LowWaterBytes, 1, Math.Max(1, _in!.ReceiveCapacity / 2));

    /// <summary>What poll(2) would report (tcp_poll).</summary>
    public PollEvents Events
    {
        get
        {
            bool peerFinished = IsDead || (_in?.FinArrived ?? false);
            PollEvents events = PollEvents.None;
            if (IsReadable) { events |= PollEvents.Readable; }
            if (IsWritable) { events |= PollEvents.Writable; }
            if (peerFinished) { events |= PollEvents.PeerFinished; }
            if (IsDead || (peerFinished && _sentFin)) { events |= PollEvents.HangUp; }
            if (_error != Errno.None) { events |= PollEvents.Error; }
            return events;
        }
    }

    /// <summary>Joins two ends; each still has to be told that it is connected.</summary>
    public static void Join(SimulatedWorld world, SimulatedSocket client, SimulatedSocket server)
    {
        SimulatedWire up = new(world, client, server);
        SimulatedWire down = new(world, server, client);
        (client._other, client._out, client._in) = (server, up, down);
        (server._other, server._out, server._in) = (client, down, up);
    }

    public void BecomeConnected()
    {
        IsConnected = true;
        NoteChange();
    }

    public void HoldArrivalsUntil(long ns) => _in!.NothingBefore(ns);

    /// <returns>Bytes taken, or a negated errno.</returns>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        if (TakeError(out int error)) { return error; }
        if (IsDead || _sentFin) { return -(int)Errno.EPIPE; }
        if (!IsConnected) { return -(int)Errno.EAGAIN; }
        int count = _out!.Write(bytes);
        return count > 0 ? count : -(int)Errno.EAGAIN;
    }

    /// <returns>Bytes received, 0 for the FIN, or a negated errno.</returns>
    public int Receive(Span<byte> into)
    {
        if (_in is { Available: > 0 }) { return _in.Read(into); }
        if (_in is { FinArrived: true }) { return 0; } // tcp_recvmsg looks at SOCK_DONE before the error.
        if (TakeError(out int error)) { return error; }
        return IsDead ? 0 : -(int)Errno.EAGAIN;
    }

    public SysResult ShutdownSend()
    {
        if (IsDead || !IsConnected) { return SysResult.Failed(Errno.ENOTCONN); }
        if (!_sentFin)
        {
            _sentFin = true;
            _out!.Finish();
        }

        return new SysResult(0);
    }

    public void Close()
    {
        if (Available > 0)
        {
            CloseWithReset();
            return;
        }

        IsClosed = true;
        Changed = null;
        if (IsDead || !IsConnected || _sentFin) { return; }
        _sentFin = true;
        _out!.Finish();
    }

    public void CloseWithReset()
    {
        IsClosed = true;
        Changed = null;
        SendReset();
    }

    /// <summary>Bytes arrived although nobody holds this end any more.</summary>
    public void RefuseData() => SendReset();

    /// <summary>The connection breaks for this end (ETIMEDOUT, EHOSTUNREACH …); the other end gets a RST.</summary>
    public void Break(Errno error)
    {
        if (IsDead) { return; }
        SimulatedSocket? other = _other;
        Die(error);
        if (other is not null) { world.Time.After(world.Dice.Delay(world.Settings.DelayNs), other.TakeReset); }
    }

    /// <summary>The answer to a SYN found its sender gone: the far end, which believes itself connected, is reset.</summary>
    public void AbandonHandshake() => _out!.AfterArrivals(_other!.TakeReset);

    /// <summary>A connect that came to nothing.</summary>
    public void Fail(Errno error) => Die(error);

    /// <summary>Takes SO_ERROR.</summary>
    public Errno TakeError()
    {
        Errno error = _error;
        _error = Errno.None;
        return error;
    }

    public void NoteChange() => Changed?.Invoke();

    private void SendReset()
    {
        if (IsDead) { return; }
        IsDead = true;
        if (_other is null) { return; }
        _out!.Drop();
        _out.AfterArrivals(_other.TakeReset);
    }

    private void TakeReset()
    {
        bool over = _out!.FinArrived && _in!.FinArrived;
        if (IsDead || over) { return; }
        Die(_in!.FinArrived ? Errno.EPIPE : Errno.ECONNRESET); // tcp_reset: CLOSE_WAIT gets EPIPE.
    }

    private void Die(Errno error)
    {
        IsDead = true;
        _error = error;
        _out?.Drop();
        NoteChange();
    }

    private bool TakeError(out int result)
    {
        Errno error = TakeError();
        result = -(int)error;
        return error != Errno.None;
    }
}
