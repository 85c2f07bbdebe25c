namespace EdgeProxy.Linux;

/// <summary>
/// <see cref="Io"/> on epoll, edge-triggered: an operation is performed when its descriptor is known to be ready and
/// then completes. Every descriptor is registered once; readiness is remembered until a call proves it gone, which
/// saves the probes that would only return EAGAIN.
/// </summary>
public sealed unsafe class EpollIo : HostIo
{
    private const int EventsMax = 256;
    private const int AcceptsPerRound = 16;
    private const int NsPerMs = 1_000_000;
    private const ulong WakeData = ulong.MaxValue;

    private readonly int _epoll;
    private readonly int _wakeFd;
    private readonly byte* _events;
    private readonly EpollQueue _ready = new();
    private readonly PagedArray<EpollEntry> _entries; // By descriptor number.

    public EpollIo(IoSettings settings)
        : base(settings)
    {
        _entries = new PagedArray<EpollEntry>(settings.DescriptorsMax);
        _epoll = Libc.epoll_create1(Kernel.O_CLOEXEC);
        _wakeFd = Libc.eventfd(0, Kernel.EFD_CLOEXEC | Kernel.EFD_NONBLOCK);
        if (_epoll < 0 || _wakeFd < 0) { throw new InvalidOperationException($"epoll_create1: {Libc.LastError}"); }
        _events = (byte*)Memory.Map((nuint)(EventsMax * EpollEvent.Stride));
        EpollEvent wake = EpollEvent.Make(EpollEvent.EPOLLIN, WakeData);
        Libc.epoll_ctl(_epoll, EpollEvent.EPOLL_CTL_ADD, _wakeFd, &wake);
    }

    public override IoEngine Engine => IoEngine.Epoll;

    public override int Wait(Span<Completion> completions, long timeoutNs)
    {
        int count = Perform(completions);
        if (count == completions.Length) { return count; }
        TakeEvents(count > 0 || !_ready.IsEmpty ? 0 : timeoutNs);
        return count + Perform(completions[count..]);
    }

    public override void Wake()
    {
        ulong one = 1;
        Libc.write(_wakeFd, &one, sizeof(ulong));
    }

    public override void Accept(Fd listener, bool many, ulong token)
    {
        ref EpollEntry entry = ref Registered(listener, EpollEvent.EPOLLIN, EpollSide.Readable);
        entry.Read = many ? EpollRead.AcceptMany : EpollRead.AcceptOne;
        entry.ReadToken = token;
        QueueIfReady(listener, ref entry, EpollSide.Readable);
    }

    public override void Connect(Fd socket, in SocketAddress target, ulong token)
    {
        ref EpollEntry entry = ref Entry(socket);
        entry.Write = EpollWrite.Connect;
        entry.WriteToken = token;
        entry.Result = 0;
        fixed (SocketAddress* pointer = &target)
        {
            if (Libc.connect(socket.Number, pointer, target.Length) < 0)
            {
                Errno error = Libc.LastError;
                if (error == Errno.EINPROGRESS)
                {
                    Register(socket, ref entry, EpollEvent.EPOLLIN | EpollEvent.EPOLLOUT);
                    return;
                }

                entry.Result = -(int)error;
            }
        }

        // Connected or refused at once (a Fast Open socket, or a local refusal): reported at the next wait.
        Register(socket, ref entry, EpollEvent.EPOLLIN | EpollEvent.EPOLLOUT);
        entry.Ready |= EpollSide.Writable;
        _ready.Add(socket.Number, ref entry);
    }

    public override void Receive(Fd socket, ulong token)
    {
        ref EpollEntry entry = ref Registered(socket, EpollEvent.EPOLLIN, EpollSide.Readable | EpollSide.Writable);
        entry.Read = EpollRead.Receive;
        entry.ReadToken = token;
        QueueIfReady(socket, ref entry, EpollSide.Readable);
    }

    public override void Send(Fd socket, int buffer, int offset, int count, ulong token)
    {
        ref EpollEntry entry = ref Registered(socket, EpollEvent.EPOLLIN, EpollSide.Readable | EpollSide.Writable);
        entry.Write = EpollWrite.Send;
        entry.WriteToken = token;
        entry.Buffer = buffer;
        entry.Offset = offset;
        entry.Count = count;
        entry.Result = 0;
        QueueIfReady(socket, ref entry, EpollSide.Writable);
    }

    public override void Poll(Fd socket, PollEvents events, ulong token)
    {
        // Registering reports what is ready: a poll need not guess, as an operation that tries does.
        ref EpollEntry entry = ref Entry(socket);
        Register(socket, ref entry, EpollEvent.EPOLLIN);
        if ((events & PollEvents.Writable) != 0)
        {
            entry.Write = EpollWrite.Poll;
            entry.WriteToken = token;
            QueueIfReady(socket, ref entry, EpollSide.Writable);
            if ((entry.Ready & EpollSide.Writable) == 0) { WatchWritable(socket, ref entry); }
        }
        else
        {
            entry.Read = EpollRead.Poll;
            entry.ReadToken = token;
            QueueIfReady(socket, ref entry, EpollSide.Readable);
        }
    }

    public override void Cancel(Fd socket, ulong token)
    {
        ref EpollEntry entry = ref Entry(socket);
        if (entry.Read != EpollRead.None && entry.ReadToken == token) { entry.CancelRead = true; }
        else if (entry.Write != EpollWrite.None && entry.WriteToken == token) { entry.CancelWrite = true; }
        else { return; }
        _ready.Add(socket.Number, ref entry);
    }

    public override SysResult AcceptNow(Fd listener)
    {
        SysResult accepted = AcceptOnce(listener.Number, Kernel.SOCK_NONBLOCK | Kernel.SOCK_CLOEXEC);
        if (accepted.Error == Errno.EAGAIN) { Entry(listener).Ready &= ~EpollSide.Readable; }
        return accepted;
    }

    public override SysResult OpenStream(bool ipv6) => Libc.Result(Libc.socket(
        ipv6 ? Kernel.AF_INET6 : Kernel.AF_INET,
        Kernel.SOCK_STREAM | Kernel.SOCK_CLOEXEC | Kernel.SOCK_NONBLOCK, 0));

    public override void Close(Fd socket)
    {
        _entries[socket.Number].Clear();
        base.Close(socket);
    }

    public override SysResult SpliceIn(Fd socket, Fd pipeWriteEnd, int count)
    {
        SysResult moved = SpliceOnce(socket, pipeWriteEnd, count);
        if (moved.Error == Errno.EAGAIN) { Entry(socket).Ready &= ~EpollSide.Readable; }
        return moved;
    }

    public override SysResult SpliceOut(Fd pipeReadEnd, Fd socket, int count)
    {
        SysResult moved = SpliceOnce(pipeReadEnd, socket, count);
        if (moved.Error == Errno.EAGAIN) { Entry(socket).Ready &= ~EpollSide.Writable; }
        return moved;
    }

    public override void Dispose()
    {
        Libc.close(_wakeFd);
        Libc.close(_epoll);
        Memory.Unmap(_events, (nuint)(EventsMax * EpollEvent.Stride));
        _entries.Dispose();
        base.Dispose();
    }

    private void TakeEvents(long timeoutNs)
    {
        int count;
        if (timeoutNs == 0)
        {
            count = Libc.epoll_wait_now(_epoll, EpollEvent.At(_events, 0), EventsMax, 0);
        }
        else
        {
            int timeoutMs = timeoutNs < 0 ? -1 : (int)Math.Min(int.MaxValue, (timeoutNs + NsPerMs - 1) / NsPerMs);
            count = Libc.epoll_wait(_epoll, EpollEvent.At(_events, 0), EventsMax, timeoutMs);
        }

        for (int i = 0; i < count; i++)
        {
            EpollEvent* taken = EpollEvent.At(_events, i);
            if (taken->Data == WakeData)
            {
                ulong value;
                Libc.read(_wakeFd, &value, sizeof(ulong));
                continue;
            }

            Note((int)(uint)taken->Data, (uint)(taken->Data >> 32), taken->Events);
        }
    }

    private void Note(int fd, uint generation, uint events)
    {
        ref EpollEntry entry = ref _entries[fd];
        if (entry.Generation != generation || !entry.IsRegistered) { return; } // The descriptor of before a close.
        const uint Ended = EpollEvent.EPOLLERR | EpollEvent.EPOLLHUP;
        if ((events & (EpollEvent.EPOLLIN | EpollEvent.EPOLLRDHUP | Ended)) != 0) { entry.Ready |= EpollSide.Readable; }
        if ((events & (EpollEvent.EPOLLOUT | Ended)) != 0) { entry.Ready |= EpollSide.Writable; }
        entry.Seen |= (PollEvents)(events & (EpollEvent.EPOLLRDHUP | Ended));
        if (entry.HasWorkNow) { _ready.Add(fd, ref entry); }
    }

    /// <summary>
    /// Performs operations on ready descriptors, each at most once a round, so that none starves another.
    /// </summary>
    private int Perform(Span<Completion> completions)
    {
        int count = 0;
        int acceptsLeft = AcceptsPerRound;
        for (int rounds = _ready.Count; rounds > 0 && count + 2 <= completions.Length; rounds--)
        {
            int fd = _ready.Take(_entries);
            ref EpollEntry entry = ref _entries[fd];
            if (entry.Write != EpollWrite.None && (entry.CancelWrite || (entry.Ready & EpollSide.Writable) != 0)
                && PerformWrite(fd, ref entry, out Completion written))
            {
                completions[count++] = written;
            }

            if (entry.Read != EpollRead.None && (entry.CancelRead || (entry.Ready & EpollSide.Readable) != 0)
                && PerformRead(fd, ref entry, out Completion read))
            {
                completions[count++] = read;
            }

            if (!entry.HasWorkNow) { continue; }
            _ready.Add(fd, ref entry);

            // A listener goes on within the round: one wait per accepted connection would double its cost.
            if (entry.Read == EpollRead.AcceptMany && acceptsLeft-- > 0) { rounds++; }
        }

        return count;
    }

    private bool PerformWrite(int fd, ref EpollEntry entry, out Completion completion)
    {
        int result;
        switch (entry.Write)
        {
            case EpollWrite.Connect when !entry.CancelWrite:
                result = entry.Result < 0 ? entry.Result : -(int)TakeSocketError(fd);
                break;
            case EpollWrite.Send when !entry.CancelWrite:
                if (!SendSome(fd, ref entry, out result))
                {
                    completion = default;
                    return false;
                }

                break;
            case EpollWrite.Poll when !entry.CancelWrite:
                result = (int)(PollEvents.Writable | entry.Seen);
                break;
            default:
                result = entry.Write == EpollWrite.Send && entry.Result > 0 ? entry.Result : -(int)Errno.ECANCELED;
                break;
        }

        completion = new Completion(entry.WriteToken, result, -1, More: false);
        entry.Write = EpollWrite.None;
        entry.CancelWrite = false;
        return true;
    }

    private bool SendSome(int fd, ref EpollEntry entry, out int result)
    {
        nint sent;
        do
        {
            sent = Libc.send(
                fd, Address(entry.Buffer) + entry.Offset, (nuint)entry.Count, Kernel.MSG_NOSIGNAL | Kernel.MSG_DONTWAIT);
        }
        while (sent < 0 && Libc.LastError == Errno.EINTR);

        if (sent < 0)
        {
            Errno error = Libc.LastError;
            result = -(int)error;
            if (error != Errno.EAGAIN) { return true; }
            sent = 0;
        }

        entry.Result += (int)sent;
        entry.Offset += (int)sent;
        entry.Count -= (int)sent;
        result = entry.Result;
        if (entry.Count == 0) { return true; }
        entry.Ready &= ~EpollSide.Writable;
        WatchWritable(new Fd(fd), ref entry);
        return false;
    }

    private bool PerformRead(int fd, ref EpollEntry entry, out Completion completion)
    {
        bool accepts = entry.Read is EpollRead.AcceptOne or EpollRead.AcceptMany;
        if (entry.CancelRead && accepts)
        {
            // A connection that waits is not left behind, though its edge may still be on the way.
            entry.Read = EpollRead.AcceptOne;
            if (AcceptNow(fd, ref entry, out completion))
            {
                entry.CancelRead = false;
                return true;
            }
        }

        if (entry.CancelRead)
        {
            completion = new Completion(entry.ReadToken, -(int)Errno.ECANCELED, -1, More: false);
            entry.Read = EpollRead.None;
            entry.CancelRead = false;
            return true;
        }

        switch (entry.Read)
        {
            case EpollRead.AcceptOne or EpollRead.AcceptMany:
                return AcceptNow(fd, ref entry, out completion);
            case EpollRead.Receive:
                return ReceiveNow(fd, ref entry, out completion);
            default:
                completion = new Completion(entry.ReadToken, (int)(PollEvents.Readable | entry.Seen), -1, More: false);
                entry.Read = EpollRead.None;
                return true;
        }
    }

    private static bool AcceptNow(int fd, ref EpollEntry entry, out Completion completion)
    {
        SysResult accepted = AcceptOnce(fd, Kernel.SOCK_NONBLOCK | Kernel.SOCK_CLOEXEC);
        if (accepted.Error == Errno.EAGAIN)
        {
            entry.Ready &= ~EpollSide.Readable;
            completion = default;
            return false;
        }

        bool more = entry.Read == EpollRead.AcceptMany && accepted.Ok;
        completion = new Completion(entry.ReadToken, accepted.Ok ? accepted.Value : -(int)accepted.Error, -1, more);
        if (!more) { entry.Read = EpollRead.None; }
        return true;
    }

    private bool ReceiveNow(int fd, ref EpollEntry entry, out Completion completion)
    {
        if (!TryRent(out int buffer))
        {
            completion = new Completion(entry.ReadToken, -(int)Errno.ENOBUFS, -1, More: false);
            entry.Read = EpollRead.None;
            return true;
        }

        nint received;
        do { received = Libc.recv(fd, Address(buffer), (nuint)BufferBytes, Kernel.MSG_DONTWAIT); }
        while (received < 0 && Libc.LastError == Errno.EINTR);
        if (received > 0)
        {
            // A short read has emptied the socket: the next byte brings an edge. A FIN already seen brings none.
            if (received < BufferBytes && entry.Seen == PollEvents.None) { entry.Ready &= ~EpollSide.Readable; }
            completion = new Completion(entry.ReadToken, (int)received, buffer, More: true);
            return true;
        }

        Errno error = received < 0 ? Libc.LastError : Errno.None;
        Return(buffer);
        if (error == Errno.EAGAIN)
        {
            entry.Ready &= ~EpollSide.Readable;
            completion = default;
            return false;
        }

        completion = new Completion(entry.ReadToken, -(int)error, -1, More: false);
        entry.Read = EpollRead.None;
        return true;
    }

    private static Errno TakeSocketError(int fd)
    {
        int error = 0;
        int length = sizeof(int);
        Libc.getsockopt(fd, Kernel.SOL_SOCKET, Kernel.SO_ERROR, &error, &length);
        return (Errno)error;
    }

    private void QueueIfReady(Fd socket, ref EpollEntry entry, EpollSide side)
    {
        if ((entry.Ready & side) != 0) { _ready.Add(socket.Number, ref entry); }
    }

    /// <summary>
    /// The table's entry, registered on first use; a descriptor nobody has polled yet may be ready already.
    /// </summary>
    private ref EpollEntry Registered(Fd socket, uint events, EpollSide assumed)
    {
        ref EpollEntry entry = ref Entry(socket);
        if (!entry.IsRegistered)
        {
            Register(socket, ref entry, events);
            entry.Ready = assumed;
        }

        return ref entry;
    }

    private ref EpollEntry Entry(Fd socket) => ref _entries[socket.Number];

    private void Register(Fd socket, ref EpollEntry entry, uint events)
    {
        if (entry.IsRegistered) { return; }
        entry.Watched = events | EpollEvent.EPOLLRDHUP | EpollEvent.EPOLLET;
        Control(EpollEvent.EPOLL_CTL_ADD, socket, entry);
    }

    private void WatchWritable(Fd socket, ref EpollEntry entry)
    {
        if ((entry.Watched & EpollEvent.EPOLLOUT) != 0) { return; }
        entry.Watched |= EpollEvent.EPOLLOUT;
        Control(EpollEvent.EPOLL_CTL_MOD, socket, entry);
    }

    private void Control(int operation, Fd socket, in EpollEntry entry)
    {
        EpollEvent change = EpollEvent.Make(entry.Watched, (uint)socket.Number | ((ulong)entry.Generation << 32));
        if (Libc.epoll_ctl(_epoll, operation, socket.Number, &change) < 0)
        {
            throw new InvalidOperationException($"epoll_ctl on descriptor {socket.Number}: {Libc.LastError}");
        }
    }
}
