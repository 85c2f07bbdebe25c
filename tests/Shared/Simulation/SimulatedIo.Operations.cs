using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>Operations: submitted here, attempted a little later and again whenever their descriptor changes.</summary>
public sealed partial class SimulatedIo
{
    private static readonly Errno[] s_acceptErrors = [Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS];
    private static readonly Errno[] s_refusingErrors = [Errno.EPERM, Errno.EPROTO, Errno.ENETDOWN];
    private static readonly Errno[] s_connectErrors =
    [
        Errno.ECONNREFUSED, Errno.ETIMEDOUT, Errno.EHOSTUNREACH, Errno.ENETUNREACH, Errno.EADDRNOTAVAIL, Errno.ECONNRESET,
        Errno.EACCES, Errno.EPERM, Errno.ENOMEM, Errno.ENOBUFS,
    ];

    /// <summary>ENOMEM is the host's: the connection itself lives on. The rest ends it.</summary>
    private static readonly Errno[] s_relayErrors =
        [Errno.ETIMEDOUT, Errno.EHOSTUNREACH, Errno.ECONNRESET, Errno.ENETUNREACH, Errno.ENOMEM];

    public static IReadOnlyList<Errno> RefusingErrors => s_refusingErrors;

    public override void Accept(Fd listener, bool many, ulong token) =>
        Submit(listener, new SimulatedOperation(OperationKind.Accept, token) { Many = many });

    public override void Connect(Fd socket, in SocketAddress target, ulong token) =>
        Submit(socket, new SimulatedOperation(OperationKind.Connect, token) { Target = target });

    public override void Receive(Fd socket, ulong token) =>
        Submit(socket, new SimulatedOperation(OperationKind.Receive, token));

    public override void Send(Fd socket, int buffer, int offset, int count, ulong token) =>
        Submit(socket, new SimulatedOperation(OperationKind.Send, token)
        {
            Buffer = buffer,
            Offset = offset,
            Bytes = Bytes(buffer).Slice(offset, count).ToArray(),
        });

    public override void Poll(Fd socket, PollEvents events, ulong token) =>
        Submit(socket, new SimulatedOperation(OperationKind.Poll, token) { Events = events });

    /// <summary>The cancel reaches the operation when it likes; until then it may still come to something.</summary>
    public override void Cancel(Fd socket, ulong token)
    {
        SimulatedDescriptor descriptor = At(socket);
        SimulatedOperation? operation = descriptor.Operations.Find(o => o.Token == token);
        if (operation is null) { return; }
        _world.Time.After(_world.Dice.Delay(_world.Settings.CompletionDelayNs), () =>
        {
            if (operation.IsOver) { return; }
            operation.IsCancelled = true;
            if (operation.Kind == OperationKind.Accept) { AttemptAccept(descriptor.Listener!, operation); }
            if (!operation.IsOver && operation.Sent > 0) { operation.Complete(operation.Sent); }
            else if (!operation.IsOver) { operation.Fail(Errno.ECANCELED); }
            Settle(descriptor, operation);
        });
    }

    private void Submit(Fd fd, SimulatedOperation operation)
    {
        SimulatedDescriptor descriptor = At(fd);
        descriptor.Operations.Add(operation);
        Touch(descriptor);
    }

    /// <summary>Something about a descriptor has changed: its operations are attempted soon.</summary>
    private void Touch(SimulatedDescriptor descriptor)
    {
        if (descriptor.AttemptComing || descriptor.Operations.Count == 0) { return; }
        descriptor.AttemptComing = true;
        _world.Time.After(_world.Dice.Delay(_world.Settings.CompletionDelayNs), () =>
        {
            descriptor.AttemptComing = false;
            if (descriptor.IsClosed || descriptor.Operations.Count == 0) { return; }
            bool moved = false;
            int first = _world.Dice.Below(descriptor.Operations.Count);
            foreach (SimulatedOperation operation in Rotated(descriptor.Operations, first))
            {
                moved |= Attempt(descriptor, operation);
                Settle(descriptor, operation);
            }

            if (moved) { Touch(descriptor); }
        });
    }

    private static SimulatedOperation[] Rotated(List<SimulatedOperation> operations, int first) =>
        [.. operations[first..], .. operations[..first]];

    /// <summary>Puts an operation's completions where <see cref="Wait"/> takes them, and forgets it when it is over.</summary>
    private void Settle(SimulatedDescriptor descriptor, SimulatedOperation operation)
    {
        while (operation.Completions.TryDequeue(out Completion completion)) { descriptor.Completions.Enqueue(completion); }
        if (descriptor.Completions.Count > 0 && !_reached.Contains(descriptor)) { _reached.Add(descriptor); }
        if (operation.IsOver) { descriptor.Operations.Remove(operation); }
    }

    /// <summary>Does as much of an operation as one step may; true when it got on and may get further.</summary>
    private bool Attempt(SimulatedDescriptor descriptor, SimulatedOperation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Accept:
                return AttemptAccept(descriptor.Listener!, operation);
            case OperationKind.Connect:
                AttemptConnect(descriptor.Socket!, operation);
                return false;
            case OperationKind.Receive:
                return AttemptReceive(descriptor.Socket!, operation);
            case OperationKind.Send:
                return AttemptSend(descriptor.Socket!, operation);
            default:
                PollEvents shown = (descriptor.Socket?.Events ?? descriptor.Listener!.Events)
                    & (operation.Events | PollEvents.Error | PollEvents.HangUp);
                if (shown == PollEvents.None && _world.Strikes(Fault.EarlyPoll)) { shown = operation.Events; }
                if (shown != PollEvents.None) { operation.Complete((int)shown); }
                return false;
        }
    }

    private bool AttemptAccept(SimulatedListener listener, SimulatedOperation operation)
    {
        if (listener.Pending.Count == 0) { return false; }
        if (!MayOpen(1))
        {
            operation.Fail(Errno.EMFILE);
            return false;
        }

        if (_world.Strikes(Fault.Accept, s_acceptErrors, out SysResult failed))
        {
            operation.Fail(failed.Error);
            return false;
        }

        if (_world.Strikes(Fault.AcceptRefused, s_refusingErrors, out failed))
        {
            operation.Fail(failed.Error);
            return false;
        }

        SimulatedSocket socket = listener.Pending.Dequeue();
        SimulatedDescriptor accepted = Open(n => new SimulatedDescriptor(n) { Socket = socket });
        bool more = operation.Many && !operation.IsCancelled && !_world.Strikes(Fault.Disarm);
        operation.Complete(accepted.Number, more: more);
        return more;
    }

    private void AttemptConnect(SimulatedSocket socket, SimulatedOperation operation)
    {
        if (operation.Target is { } target)
        {
            operation.Target = null;
            if (_world.Strikes(Fault.Connect, s_connectErrors, out SysResult failed))
            {
                operation.Fail(failed.Error);
                return;
            }

            socket.Local = SocketAddress.From(target.High, target.Low, _world.Network.NewPort());
            _world.Network.Dial(socket, target);
        }

        if (socket.IsDead) { operation.Complete(-(int)socket.TakeError()); }
        else if (socket.IsConnected) { operation.Complete(0); }
    }

    private bool AttemptReceive(SimulatedSocket socket, SimulatedOperation operation)
    {
        if (!socket.IsReadable) { return false; }
        if (_world.Strikes(Fault.Receive, s_relayErrors, out SysResult failed) && FailOrBreak(socket, operation, failed.Error)) { return false; }
        if (_world.Strikes(Fault.NoBuffer) || !TryRent(out int buffer))
        {
            operation.Fail(Errno.ENOBUFS);
            return false;
        }

        int wanted = Math.Clamp(socket.Available, 1, BufferBytes);
        int received = socket.Receive(Bytes(buffer)[.._world.Dice.PartOf(wanted)]);
        if (received > 0)
        {
            bool more = !_world.Strikes(Fault.Disarm);
            operation.Complete(received, buffer, more);
            return more;
        }

        _freeBuffers.Push(buffer);
        if (received != -(int)Errno.EAGAIN) { operation.Complete(received); }
        return false;
    }

    private bool AttemptSend(SimulatedSocket socket, SimulatedOperation operation)
    {
        if (!socket.IsWritable) { return false; }
        if (_world.Strikes(Fault.Send, s_relayErrors, out SysResult failed) && FailOrBreak(socket, operation, failed.Error)) { return false; }
        ReadOnlySpan<byte> bytes = operation.Bytes;
        if (!bytes.SequenceEqual(Bytes(operation.Buffer).Slice(operation.Offset, bytes.Length)))
        {
            throw new SimulationException(_world, $"writes to buffer {operation.Buffer} while it is being sent");
        }

        int sent = socket.Send(bytes[operation.Sent..]);
        if (sent == -(int)Errno.EAGAIN) { return false; }
        if (sent < 0)
        {
            // io_uring reports what had gone out before the error, epoll the error: the seam allows both.
            operation.Complete(operation.Sent > 0 && _world.Dice.Chance(500) ? operation.Sent : sent);
            return false;
        }

        operation.Sent += sent;
        if (operation.Sent == bytes.Length) { operation.Complete(operation.Sent); }
        return !operation.IsOver;
    }

    /// <returns>True when the operation has failed and the connection is none the worse for it.</returns>
    private static bool FailOrBreak(SimulatedSocket socket, SimulatedOperation operation, Errno error)
    {
        if (error == Errno.ENOMEM)
        {
            operation.Complete(operation.Sent > 0 ? operation.Sent : -(int)error);
            return true;
        }

        socket.Break(error);
        return false;
    }
}
