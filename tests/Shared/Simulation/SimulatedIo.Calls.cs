using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>Calls that answer at once.</summary>
public sealed partial class SimulatedIo
{
    private static readonly Errno[] s_openErrors = [Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS];
    private static readonly Errno[] s_pipeErrors = [Errno.EMFILE, Errno.ENFILE, Errno.EPERM, Errno.ENOMEM];
    private static readonly Errno[] s_optionErrors = [Errno.ENOPROTOOPT, Errno.EINVAL, Errno.ENOMEM];
    private static readonly Errno[] s_spliceErrors = [Errno.EAGAIN, Errno.EAGAIN, Errno.ENOMEM];

    public override SysResult AcceptNow(Fd listener)
    {
        SimulatedListener asked = At(listener).Listener!;
        if (asked.Pending.Count == 0) { return SysResult.Failed(Errno.EAGAIN); }
        if (!MayOpen(1)) { return SysResult.Failed(Errno.EMFILE); }
        if (_world.Strikes(Fault.Accept, s_acceptErrors, out SysResult failed)) { return failed; }
        if (_world.Strikes(Fault.AcceptRefused, s_refusingErrors, out failed)) { return failed; }
        SimulatedSocket socket = asked.Pending.Dequeue();
        return new SysResult(Open(n => new SimulatedDescriptor(n) { Socket = socket }).Number);
    }

    public override SysResult OpenStream(bool ipv6)
    {
        if (!MayOpen(1)) { return SysResult.Failed(Errno.EMFILE); }
        if (_world.Strikes(Fault.OpenStream, s_openErrors, out SysResult failed)) { return failed; }
        if (_world.Strikes(Fault.NoFamily, [Errno.EAFNOSUPPORT], out failed)) { return failed; }
        SimulatedSocket socket = new(_world);
        return new SysResult(Open(n => new SimulatedDescriptor(n) { Socket = socket }).Number);
    }

    public override void Close(Fd socket)
    {
        SimulatedDescriptor descriptor = At(socket);
        Release(socket);
        descriptor.Socket?.Close();
        if (descriptor.Listener is not null) { _world.Network.Close(descriptor.Listener); }
    }

    public override void CloseWithReset(Fd socket)
    {
        SimulatedSocket closed = SocketAt(socket);
        Release(socket);
        closed.CloseWithReset();
    }

    public override SysResult ShutdownSend(Fd socket) =>
        _world.Strikes(Fault.ShutdownSend, [Errno.ENOTCONN], out SysResult failed)
            ? BreakFirst(SocketAt(socket), failed)
            : SocketAt(socket).ShutdownSend();

    public override SysResult Set(Fd socket, SocketOption option, int value)
    {
        SimulatedSocket target = SocketAt(socket);
        if (_world.Strikes(Fault.Set, s_optionErrors, out SysResult failed)) { return failed; }
        if (option == SocketOption.ReceiveLowWaterBytes)
        {
            target.LowWaterBytes = value;
            target.NoteChange();
        }

        return new SysResult(0);
    }

    public override SysResult SetCongestion(Fd socket, int algorithm)
    {
        SocketAt(socket);
        return _world.Strikes(Fault.SetCongestion, [Errno.ENOENT, Errno.EPERM], out SysResult failed)
            ? failed
            : new SysResult(0);
    }

    public override SysResult PeerAddress(Fd socket, out SocketAddress address)
    {
        SimulatedSocket asked = SocketAt(socket);
        address = default;
        if (_world.Strikes(Fault.PeerAddress, [Errno.ENOTCONN, Errno.ENOBUFS], out SysResult failed)) { return failed; }
        if (asked.IsDead || !asked.IsConnected) { return SysResult.Failed(Errno.ENOTCONN); }
        address = asked.Peer;
        return new SysResult(0);
    }

    public override SysResult LocalAddress(Fd socket, out SocketAddress address)
    {
        SimulatedDescriptor asked = At(socket);
        address = asked.Listener?.Address ?? SocketAt(socket).Local;
        return _world.Strikes(Fault.LocalAddress, [Errno.ENOBUFS], out SysResult failed) ? failed : new SysResult(0);
    }

    public override SysResult UnsentBytes(Fd socket) =>
        _world.Strikes(Fault.UnsentBytes, [Errno.EINVAL], out SysResult failed)
            ? failed
            : new SysResult(SocketAt(socket).UnsentBytes);

    public override SysResult OpenPipe(int capacityBytes, out Fd readEnd, out Fd writeEnd)
    {
        readEnd = writeEnd = Fd.None;
        if (!MayOpen(2)) { return SysResult.Failed(Errno.EMFILE); }
        if (_world.Strikes(Fault.OpenPipe, s_pipeErrors, out SysResult failed)) { return failed; }
        SimulatedPipe pipe = new(Math.Min(capacityBytes, _world.Settings.PipeBytesMax));
        readEnd = new Fd(Open(n => new SimulatedDescriptor(n) { Pipe = pipe, IsReadEnd = true }).Number);
        writeEnd = new Fd(Open(n => new SimulatedDescriptor(n) { Pipe = pipe }).Number);
        return new SysResult(0);
    }

    public override SysResult SpliceIn(Fd socket, Fd pipeWriteEnd, int count)
    {
        SimulatedSocket source = SocketAt(socket);
        SimulatedPipe pipe = PipeAt(pipeWriteEnd, readEnd: false);
        if (_world.Strikes(Fault.SpliceIn, s_spliceErrors, out SysResult failed)) { return failed; }
        int room = Math.Min(count, pipe.Room);
        if (room == 0) { return SysResult.Failed(Errno.EAGAIN); }
        byte[] bytes = new byte[_world.Dice.PartOf(Math.Clamp(source.Available, 1, room))];
        int received = source.Receive(bytes);
        if (received > 0) { pipe.Content.Write(bytes.AsSpan(0, received)); }
        return new SysResult(received);
    }

    public override SysResult SpliceOut(Fd pipeReadEnd, Fd socket, int count)
    {
        SimulatedSocket target = SocketAt(socket);
        SimulatedPipe pipe = PipeAt(pipeReadEnd, readEnd: true);
        if (_world.Strikes(Fault.SpliceOut, s_spliceErrors, out SysResult failed)) { return failed; }
        int available = Math.Min(count, pipe.Content.Count);
        if (available == 0) { return SysResult.Failed(Errno.EAGAIN); }
        byte[] bytes = new byte[_world.Dice.PartOf(available)];
        int wanted = Math.Min(bytes.Length, Math.Max(1, target.Room));
        pipe.Content.Peek(bytes.AsSpan(0, wanted));
        int sent = target.Send(bytes.AsSpan(0, wanted));
        if (sent > 0) { pipe.Content.Read(bytes.AsSpan(0, sent)); }
        return new SysResult(sent);
    }

    public override void ClosePipe(Fd pipe) => Release(pipe);

    private SimulatedPipe PipeAt(Fd fd, bool readEnd)
    {
        SimulatedDescriptor descriptor = At(fd);
        return descriptor.Pipe is not null && descriptor.IsReadEnd == readEnd
            ? descriptor.Pipe
            : throw new SimulationException(_world, $"uses descriptor {fd.Number} as a pipe's end, which it is not");
    }

    private static SysResult BreakFirst(SimulatedSocket socket, SysResult failed)
    {
        socket.Break(Errno.ETIMEDOUT); // shutdown(2) fails on a connection that has just broken.
        return failed;
    }
}
