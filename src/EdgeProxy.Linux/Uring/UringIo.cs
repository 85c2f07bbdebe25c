using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using static EdgeProxy.Linux.UringAbi;

namespace EdgeProxy.Linux;

/// <summary>
/// <see cref="Io"/> on io_uring (Linux 6.1 or newer): multishot accept and receive, kernel-picked buffers, sends
/// batched into one enter, and an adaptive spin on the ring's own memory before sleeping. The thread that creates it
/// owns it.
/// </summary>
public sealed unsafe class UringIo : HostIo
{
    private const uint SubmissionEntries = 2048;
    private const uint CompletionEntries = 16384;
    private const int ProvidedMax = 1024;

    // The engine's own tokens; the loop never uses the top byte 0xFF.
    private const ulong WakeToken = ulong.MaxValue;
    private const ulong CancelToken = ulong.MaxValue - 1;
    private const ulong OwnTokens = 0xFFUL << 56;

    private readonly UringRing _ring;
    private readonly ProvidedBuffers _provided;
    private readonly SocketAddress* _targets; // One per submission entry: the kernel reads it at submit.
    private readonly ulong* _wakeValue;
    private readonly PagedArray<bool> _nonBlocking; // By descriptor number.
    private readonly int _bufferBytes;
    private readonly long _spinNs;
    private readonly int _wakeFd;
    private int _nonBlockingCount;
    private int _spinMisses;
    private BusyFew _busyFew;

    public UringIo(IoSettings settings)
        : base(settings)
    {
        SysResult opened = UringRing.Open(SubmissionEntries, CompletionEntries, out UringRing? ring);
        _ring = ring ?? throw new InvalidOperationException($"io_uring_setup: {opened.Error}");
        _bufferBytes = settings.BufferBytes;
        _nonBlocking = new PagedArray<bool>(settings.DescriptorsMax);
        _spinNs = settings.SpinNs;
        _provided = new ProvidedBuffers(_ring, ProvidedMax);
        _targets = (SocketAddress*)Memory.Map(SubmissionEntries * (nuint)sizeof(SocketAddress));
        _wakeValue = (ulong*)Memory.Map(sizeof(ulong));
        _wakeFd = Libc.eventfd(0, Kernel.EFD_CLOEXEC);
        ArmWake();
    }

    public override IoEngine Engine => IoEngine.Uring;

    public override int BuffersFree => base.BuffersFree + _provided.Standing;

    /// <summary>
    /// Whether this kernel, and what stands around it, lets this engine run; <paramref name="reason"/> says why not.
    /// </summary>
    public static bool IsAvailable(out string reason)
    {
        SysResult opened = UringRing.Open(8, 16, out UringRing? ring);
        if (ring is null)
        {
            reason = opened.Error switch
            {
                Errno.ENOSYS => "the kernel has no io_uring",
                Errno.EPERM or Errno.EACCES => "io_uring is forbidden here (kernel.io_uring_disabled or a seccomp filter)",
                Errno.EINVAL => "the kernel is older than 6.1",
                _ => $"io_uring_setup failed with {opened.Error}",
            };
            return false;
        }

        reason = "";
        using (ring)
        {
            try
            {
                new ProvidedBuffers(ring, 8).Dispose();
                return true;
            }
            catch (InvalidOperationException e)
            {
                reason = e.Message;
                return false;
            }
        }
    }

    public override int Wait(Span<Completion> completions, long timeoutNs)
    {
        RefillProvided();
        if (_ring.HasCompletions || timeoutNs == 0 || (_spinNs > 0 && _busyFew.IsFew && SpinUntilReady(timeoutNs)))
        {
            _ring.Enter(waitFor: 0, 0);
        }
        else
        {
            _ring.Enter(waitFor: 1, timeoutNs);
        }

        int count = 0;
        while (count < completions.Length && _ring.TryTake(out UringCompletion taken))
        {
            if ((taken.UserData & OwnTokens) == OwnTokens)
            {
                if (taken.UserData == WakeToken) { ArmWake(); }
                continue;
            }

            _busyFew.Note((uint)taken.UserData);
            completions[count++] = Translate(taken);
        }

        return count;
    }

    public override bool TrimBuffers()
    {
        bool more = base.TrimBuffers();

        // What the kernel receives it writes within an enter of this thread (deferred task work), so without untaken
        // completions a standing buffer holds nothing.
        if (_ring.HasCompletions) { return true; }
        Span<int> idle = stackalloc int[TrimsMax];
        int count = _provided.Trim(idle);
        foreach (int buffer in idle[..count]) { Trim(buffer); }
        return more || !_provided.IsTrimmed;
    }

    private Completion Translate(in UringCompletion taken)
    {
        int buffer = -1;
        if ((taken.Flags & IORING_CQE_F_BUFFER) != 0)
        {
            buffer = (int)(taken.Flags >> IORING_CQE_BUFFER_SHIFT);
            _provided.Took();
        }
        else if (taken.Result == -(int)Errno.ENOBUFS)
        {
            _provided.RanDry();
        }

        return new Completion(taken.UserData, taken.Result, buffer, (taken.Flags & IORING_CQE_F_MORE) != 0);
    }

    private void RefillProvided()
    {
        if (_provided.Standing >= _provided.Target) { return; }
        while (_provided.Standing < _provided.Target && TryRent(out int buffer))
        {
            _provided.Add(buffer, Address(buffer), _bufferBytes);
        }

        _provided.Publish();
    }

    /// <summary>
    /// Watches the ring's memory for a short while: one system call and one sleep less per round trip when few
    /// connections are busy. After several misses in a row it is skipped, and tried again after a sleep that was short.
    /// </summary>
    private bool SpinUntilReady(long timeoutNs)
    {
        const int MissesMax = 4;
        const int RetryEvery = 64;
        const int PausesPerClockRead = 32;
        if (_spinMisses >= MissesMax && ++_spinMisses % RetryEvery != 0) { return false; }
        if (_ring.HasUnsubmitted) { _ring.Enter(waitFor: 0, 0); }
        long limit = MonotonicClock.ReadNs() + (timeoutNs < 0 ? _spinNs : Math.Min(_spinNs, timeoutNs));
        for (int pauses = 0; ; pauses++)
        {
            if (_ring.HasTaskWork || _ring.HasCompletions)
            {
                _spinMisses = 0;
                return true;
            }

            if (X86Base.IsSupported) { X86Base.Pause(); }
            if (pauses % PausesPerClockRead == 0 && MonotonicClock.ReadNs() >= limit) { break; }
        }

        if (_spinMisses < MissesMax) { _spinMisses++; }
        return false;
    }

    public override void Wake()
    {
        ulong one = 1;
        Libc.write(_wakeFd, &one, sizeof(ulong));
    }

    public override void Accept(Fd listener, bool many, ulong token)
    {
        Block(listener);
        UringSubmission* entry = Next(IORING_OP_ACCEPT, listener, token);
        entry->Priority = many ? IORING_ACCEPT_MULTISHOT : (ushort)0;
        entry->OperationFlags = Kernel.SOCK_CLOEXEC;
    }

    public override void Connect(Fd socket, in SocketAddress target, ulong token)
    {
        UringSubmission* entry = Next(IORING_OP_CONNECT, socket, token);
        SocketAddress* kept = _targets + (_ring.NextIndex == 0 ? _ring.Entries - 1 : _ring.NextIndex - 1);
        *kept = target;
        entry->Address = (ulong)kept;
        entry->Offset = (ulong)target.Length;
    }

    public override void Receive(Fd socket, ulong token)
    {
        Block(socket);
        UringSubmission* entry = Next(IORING_OP_RECV, socket, token);
        entry->Flags = IOSQE_BUFFER_SELECT;
        entry->Priority = IORING_RECV_MULTISHOT;
    }

    public override void Send(Fd socket, int buffer, int offset, int count, ulong token)
    {
        Block(socket);
        UringSubmission* entry = Next(IORING_OP_SEND, socket, token);
        entry->Address = (ulong)(Address(buffer) + offset);
        entry->Length = (uint)count;
        entry->OperationFlags = Kernel.MSG_NOSIGNAL | Kernel.MSG_WAITALL;
    }

    public override void Poll(Fd socket, PollEvents events, ulong token) =>
        Next(IORING_OP_POLL_ADD, socket, token)->OperationFlags = (uint)events;

    public override void Cancel(Fd socket, ulong token)
    {
        UringSubmission* entry = Next(IORING_OP_ASYNC_CANCEL, Fd.None, CancelToken);
        entry->Address = token;
        entry->Flags = IOSQE_CQE_SKIP_SUCCESS;
    }

    public override SysResult AcceptNow(Fd listener)
    {
        StopBlocking(listener);
        return AcceptOnce(listener.Number, Kernel.SOCK_CLOEXEC);
    }

    public override SysResult OpenStream(bool ipv6) => Libc.Result(Libc.socket(
        ipv6 ? Kernel.AF_INET6 : Kernel.AF_INET, Kernel.SOCK_STREAM | Kernel.SOCK_CLOEXEC, 0));

    public override SysResult SpliceIn(Fd socket, Fd pipeWriteEnd, int count)
    {
        StopBlocking(socket);
        return SpliceOnce(socket, pipeWriteEnd, count);
    }

    public override SysResult SpliceOut(Fd pipeReadEnd, Fd socket, int count)
    {
        StopBlocking(socket);
        return SpliceOnce(pipeReadEnd, socket, count);
    }

    public override void Close(Fd socket)
    {
        Forget(socket);
        base.Close(socket);
    }

    // Accept, receive and send must find a socket blocking when the kernel takes them, or they would report EAGAIN
    // instead of waiting; what it has taken it keeps as it was. Splice knows no flag of its own for a socket and needs
    // O_NONBLOCK on the file. So the file is switched when one follows the other: not at all while a flow splices.

    private void StopBlocking(Fd socket)
    {
        ref bool nonBlocking = ref _nonBlocking[socket.Number];
        if (nonBlocking) { return; }
        if (_ring.HasUnsubmitted) { _ring.Submit(); }
        Libc.fcntl(socket.Number, Kernel.F_SETFL, Kernel.O_RDWR | Kernel.O_NONBLOCK);
        nonBlocking = true;
        _nonBlockingCount++;
    }

    private void Block(Fd socket)
    {
        if (_nonBlockingCount == 0 || !_nonBlocking[socket.Number]) { return; }
        Libc.fcntl(socket.Number, Kernel.F_SETFL, Kernel.O_RDWR);
        Forget(socket);
    }

    private void Forget(Fd socket)
    {
        if (_nonBlockingCount == 0 || !_nonBlocking[socket.Number]) { return; }
        _nonBlocking[socket.Number] = false;
        _nonBlockingCount--;
    }

    public override void Dispose()
    {
        _ring.Dispose();
        _provided.Dispose();
        _nonBlocking.Dispose();
        Libc.close(_wakeFd);
        Memory.Unmap(_targets, SubmissionEntries * (nuint)sizeof(SocketAddress));
        Memory.Unmap(_wakeValue, sizeof(ulong));
        base.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private UringSubmission* Next(byte opcode, Fd fd, ulong token)
    {
        UringSubmission* entry = _ring.Next();
        entry->Opcode = opcode;
        entry->Fd = fd.Number;
        entry->UserData = token;
        return entry;
    }

    private void ArmWake()
    {
        UringSubmission* entry = Next(IORING_OP_READ, new Fd(_wakeFd), WakeToken);
        entry->Address = (ulong)_wakeValue;
        entry->Length = sizeof(ulong);
        entry->Offset = ulong.MaxValue;
    }
}
