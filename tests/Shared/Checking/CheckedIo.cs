using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>
/// Any engine with every rule of <see cref="Io"/> checked, for both sides: the caller's (closing under an operation in
/// flight, a buffer returned twice, a second receive, a closed descriptor, a full pipe filled again) and the engine's
/// (a completion nobody asked for, a buffer handed out twice, a length that cannot be). At the end nothing may be left.
/// </summary>
public sealed class CheckedIo(Io inner) : Io
{
    private readonly FdLedger _fds = new();
    private readonly BufferLedger _buffers = new(inner.BuffersMax);
    private readonly Dictionary<int, int> _pipeOfEnd = []; // End to write end.
    private readonly Dictionary<int, int> _pipeBytes = []; // By write end.
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public override IoEngine Engine => inner.Engine;

    public override int BufferBytes => inner.BufferBytes;

    public override int BuffersMax => inner.BuffersMax;

    public override int BuffersFree => inner.BuffersFree;

    /// <summary>Bytes that went from a pipe to a socket.</summary>
    public long SplicedBytes { get; private set; }

    /// <summary>Fails when a descriptor, a buffer or an operation is left over.</summary>
    public void AssertNothingLeft()
    {
        if (_fds.Count > 0) { throw new ContractException($"descriptors never closed: {_fds}"); }
        if (_buffers.Held > 0) { throw new ContractException($"buffers never returned: {_buffers}"); }
        if (_fds.InFlight > 0) { throw new ContractException($"{_fds.InFlight} operations never completed"); }
    }

    public override long ReadClockNs() => inner.ReadClockNs();

    public override int Wait(Span<Completion> completions, long timeoutNs)
    {
        MustBeOwner();
        if (completions.IsEmpty) { throw new ContractException("a wait without room for a completion"); }
        int count = inner.Wait(completions, timeoutNs);
        for (int i = 0; i < count; i++) { Check(completions[i]); }
        return count;
    }

    public override void Wake() => inner.Wake();

    public override void Accept(Fd listener, bool many, ulong token)
    {
        _fds.AddListenerOnce(listener);
        Start(listener, FdKind.Listener, new(OperationKind.Accept, IsReading: true), token);
        inner.Accept(listener, many, token);
    }

    public override void Connect(Fd socket, in SocketAddress target, ulong token)
    {
        Start(socket, FdKind.Stream, new(OperationKind.Connect, IsReading: false), token);
        inner.Connect(socket, target, token);
    }

    public override void Receive(Fd socket, ulong token)
    {
        Start(socket, FdKind.Stream, new(OperationKind.Receive, IsReading: true), token);
        inner.Receive(socket, token);
    }

    public override void Send(Fd socket, int buffer, int offset, int count, ulong token)
    {
        if (count < 1 || offset < 0 || offset + count > BufferBytes) { throw new ContractException($"send of {count} bytes at {offset} of a buffer"); }
        _buffers.StartSend(buffer);
        Start(socket, FdKind.Stream, new(OperationKind.Send, IsReading: false, buffer, count), token);
        inner.Send(socket, buffer, offset, count, token);
    }

    public override void Poll(Fd socket, PollEvents events, ulong token)
    {
        bool reading = (events & PollEvents.Readable) != PollEvents.None;
        bool listener = _fds.AddListenerOnce(socket);
        Start(socket, listener ? FdKind.Listener : FdKind.Stream, new(OperationKind.Poll, reading), token);
        inner.Poll(socket, events, token);
    }

    public override void Cancel(Fd socket, ulong token)
    {
        MustBeOwner();
        inner.Cancel(socket, token);
    }

    public override Span<byte> Bytes(int buffer)
    {
        _buffers.MustBeHeld(buffer, "use");
        return inner.Bytes(buffer);
    }

    public override bool TryRent(out int buffer)
    {
        MustBeOwner();
        bool rented = inner.TryRent(out buffer);
        if (rented) { _buffers.HandOut(buffer); }
        return rented;
    }

    public override bool TrimBuffers()
    {
        MustBeOwner();
        return inner.TrimBuffers();
    }

    public override void Return(int buffer)
    {
        MustBeOwner();
        _buffers.TakeBack(buffer);
        inner.Return(buffer);
    }

    public override SysResult AcceptNow(Fd listener)
    {
        MustBeOwner();
        _fds.MustBe(listener, FdKind.Listener, nameof(AcceptNow));
        _fds.MustBeIdle(listener, reading: true, nameof(AcceptNow));
        SysResult accepted = inner.AcceptNow(listener);
        if (accepted.Ok) { _fds.Add(accepted.Value, FdKind.Stream); }
        return accepted;
    }

    public override SysResult OpenStream(bool ipv6)
    {
        MustBeOwner();
        SysResult opened = inner.OpenStream(ipv6);
        if (opened.Ok) { _fds.Add(opened.Value, FdKind.Stream); }
        return opened;
    }

    public override void Close(Fd socket)
    {
        MustBeOwner();
        _fds.Close(socket, nameof(Close));
        inner.Close(socket);
    }

    public override void CloseWithReset(Fd socket)
    {
        MustBeOwner();
        _fds.MustBe(socket, FdKind.Stream, nameof(CloseWithReset));
        _fds.Close(socket, nameof(CloseWithReset));
        inner.CloseWithReset(socket);
    }

    public override SysResult ShutdownSend(Fd socket)
    {
        MustBeStream(socket, nameof(ShutdownSend));
        _fds.MustBeIdle(socket, reading: false, nameof(ShutdownSend)); // A send in flight would be cut short.
        return inner.ShutdownSend(socket);
    }

    public override SysResult Set(Fd socket, SocketOption option, int value)
    {
        MustBeStream(socket, nameof(Set));
        return inner.Set(socket, option, value);
    }

    public override SysResult SetCongestion(Fd socket, int algorithm)
    {
        MustBeStream(socket, nameof(SetCongestion));
        return inner.SetCongestion(socket, algorithm);
    }

    public override SysResult PeerAddress(Fd socket, out SocketAddress address)
    {
        MustBeStream(socket, nameof(PeerAddress));
        return inner.PeerAddress(socket, out address);
    }

    public override SysResult LocalAddress(Fd socket, out SocketAddress address)
    {
        MustBeOwner();
        return inner.LocalAddress(socket, out address);
    }

    public override SysResult UnsentBytes(Fd socket)
    {
        MustBeStream(socket, nameof(UnsentBytes));
        return inner.UnsentBytes(socket);
    }

    public override SysResult OpenPipe(int capacityBytes, out Fd readEnd, out Fd writeEnd)
    {
        MustBeOwner();
        SysResult opened = inner.OpenPipe(capacityBytes, out readEnd, out writeEnd);
        if (!opened.Ok) { return opened; }
        _fds.Add(readEnd.Number, FdKind.PipeReadEnd);
        _fds.Add(writeEnd.Number, FdKind.PipeWriteEnd);
        _pipeOfEnd[readEnd.Number] = _pipeOfEnd[writeEnd.Number] = writeEnd.Number;
        _pipeBytes[writeEnd.Number] = 0;
        return opened;
    }

    public override SysResult SpliceIn(Fd socket, Fd pipeWriteEnd, int count)
    {
        MustBeStream(socket, nameof(SpliceIn));
        _fds.MustBe(pipeWriteEnd, FdKind.PipeWriteEnd, nameof(SpliceIn));
        _fds.MustBeIdle(socket, reading: true, nameof(SpliceIn)); // Two readers would split the stream between them.
        int pipe = _pipeOfEnd[pipeWriteEnd.Number];
        if (_pipeBytes[pipe] > 0) { throw new ContractException($"{nameof(SpliceIn)} into a pipe that holds {_pipeBytes[pipe]} bytes"); }
        SysResult moved = inner.SpliceIn(socket, pipeWriteEnd, count);
        NoteSplice(pipe, moved, count, direction: 1);
        return moved;
    }

    public override SysResult SpliceOut(Fd pipeReadEnd, Fd socket, int count)
    {
        MustBeStream(socket, nameof(SpliceOut));
        _fds.MustBe(pipeReadEnd, FdKind.PipeReadEnd, nameof(SpliceOut));
        _fds.MustBeIdle(socket, reading: false, nameof(SpliceOut)); // Bytes would overtake those of the send in flight.
        int pipe = _pipeOfEnd[pipeReadEnd.Number];
        SysResult moved = inner.SpliceOut(pipeReadEnd, socket, count);
        NoteSplice(pipe, moved, count, direction: -1);
        if (moved.Ok) { SplicedBytes += moved.Value; }
        return moved;
    }

    public override void ClosePipe(Fd pipe)
    {
        MustBeOwner();
        _fds.Close(pipe, nameof(ClosePipe));
        _pipeOfEnd.Remove(pipe.Number);
        inner.ClosePipe(pipe);
    }

    public override void Dispose() => inner.Dispose();

    private void Start(Fd fd, FdKind kind, FdLedger.Operation operation, ulong token)
    {
        MustBeOwner();
        _fds.MustBe(fd, kind, operation.Kind.ToString());
        _fds.Start(fd, operation, token);
    }

    private void Check(in Completion completion)
    {
        FdLedger.Operation operation = _fds.Complete(completion, out int fd);
        bool mayCarryBuffer = operation.Kind == OperationKind.Receive && completion.Result > 0;
        if (mayCarryBuffer != (completion.Buffer >= 0)) { throw new ContractException($"{operation.Kind} on {fd}: {completion}"); }
        if (mayCarryBuffer) { _buffers.HandOut(completion.Buffer); }
        if (completion.More && !completion.Ok) { throw new ContractException($"{operation.Kind} on {fd} failed and stays armed"); }
        switch (operation.Kind)
        {
            case OperationKind.Accept when completion.Ok:
                _fds.Add(completion.Result, FdKind.Stream);
                break;
            case OperationKind.Send:
                _buffers.EndSend(operation.Buffer);
                if (completion.Result > operation.Count) { throw new ContractException($"sent {completion.Result} of {operation.Count} bytes"); }
                break;
            case OperationKind.Receive when completion.Result > BufferBytes:
                throw new ContractException($"received {completion.Result} bytes into a buffer of {BufferBytes}");
            default:
                break;
        }
    }

    private void NoteSplice(int pipe, SysResult moved, int count, int direction)
    {
        if (!moved.Ok) { return; }
        if (moved.Value > count) { throw new ContractException($"spliced {moved.Value} of {count} bytes"); }
        _pipeBytes[pipe] += direction * moved.Value;
    }

    private void MustBeStream(Fd socket, string call)
    {
        MustBeOwner();
        _fds.MustBe(socket, FdKind.Stream, call);
    }

    private void MustBeOwner()
    {
        if (Environment.CurrentManagedThreadId != _thread) { throw new ContractException("a call from another thread than the owner's"); }
    }
}
