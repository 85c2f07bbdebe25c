using System.Runtime.CompilerServices;
using static EdgeProxy.Linux.UringAbi;

namespace EdgeProxy.Linux;

/// <summary>
/// The two queues shared with the kernel and the one call that moves them. Single issuer with deferred task work:
/// completions appear only inside <see cref="Enter"/>, so the kernel never interrupts the loop.
/// </summary>
internal sealed unsafe class UringRing : IDisposable
{
    private const uint BaseFlags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG
        | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE | IORING_SETUP_COOP_TASKRUN;

    private readonly int _fd;
    private readonly int _enterFd;
    private readonly uint _enterFlags;
    private readonly byte* _rings;
    private readonly nuint _ringsBytes;
    private readonly UringSubmission* _submissions;
    private readonly nuint _submissionsBytes;
    private readonly uint* _submissionHead;
    private readonly uint* _submissionTail;
    private readonly uint* _submissionFlags;
    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly UringCompletion* _completions;
    private readonly uint _submissionMask;
    private readonly uint _completionMask;
    private uint _tail;
    private uint _unsubmitted;

    private UringRing(int fd, in UringParameters parameters)
    {
        _fd = fd;
        _ringsBytes = Math.Max(
            parameters.CompletionArray + (parameters.CompletionEntries * (nuint)sizeof(UringCompletion)),
            parameters.SubmissionArray + (parameters.SubmissionEntries * (nuint)sizeof(uint)));
        _submissionsBytes = (nuint)parameters.SubmissionEntries * (nuint)sizeof(UringSubmission);
        _rings = (byte*)MapShared(_ringsBytes, 0);
        _submissions = (UringSubmission*)MapShared(_submissionsBytes, IORING_OFF_SQES);
        _submissionHead = (uint*)(_rings + parameters.SubmissionHead);
        _submissionTail = (uint*)(_rings + parameters.SubmissionTail);
        _submissionFlags = (uint*)(_rings + parameters.SubmissionFlags);
        _completionHead = (uint*)(_rings + parameters.CompletionHead);
        _completionTail = (uint*)(_rings + parameters.CompletionTail);
        _completions = (UringCompletion*)(_rings + parameters.CompletionArray);
        _submissionMask = parameters.SubmissionEntries - 1;
        _completionMask = parameters.CompletionEntries - 1;
        _tail = *_submissionTail;
        if ((parameters.Flags & IORING_SETUP_NO_SQARRAY) == 0) { FillSubmissionArray(parameters); }
        (_enterFd, _enterFlags) = RegisterOwnFd();
    }

    internal int Fd => _fd;

    /// <summary>Entries that wait to be taken by <see cref="Enter"/>.</summary>
    internal bool HasUnsubmitted => _unsubmitted > 0;

    internal bool HasCompletions => *_completionHead != Volatile.Read(ref *_completionTail);

    /// <summary>The kernel has work that only an enter turns into completions (IORING_SQ_TASKRUN).</summary>
    internal bool HasTaskWork => (Volatile.Read(ref *_submissionFlags) & IORING_SQ_TASKRUN) != 0;

    /// <summary>
    /// Index of the entry <see cref="Next"/> would return: for memory that must live until it is submitted.
    /// </summary>
    internal int NextIndex => (int)(_tail & _submissionMask);

    internal int Entries => (int)_submissionMask + 1;

    /// <summary>
    /// Makes a ring; the reason it cannot be had is in the result (ENOSYS, EPERM, EINVAL on kernels before 6.1).
    /// </summary>
    internal static SysResult Open(uint entries, uint completions, out UringRing? ring)
    {
        // IORING_SETUP_NO_SQARRAY (6.6) saves one indirection per entry; older kernels refuse it.
        SysResult opened = Setup(entries, completions, BaseFlags | IORING_SETUP_NO_SQARRAY, out UringParameters parameters);
        if (opened.Error == Errno.EINVAL) { opened = Setup(entries, completions, BaseFlags, out parameters); }
        ring = opened.Ok ? new UringRing(opened.Value, parameters) : null;
        return opened;
    }

    private static SysResult Setup(uint entries, uint completions, uint flags, out UringParameters parameters)
    {
        parameters = new UringParameters { CompletionEntries = completions, Flags = flags };
        fixed (UringParameters* pointer = &parameters)
        {
            return Libc.Result(
                Libc.syscall_waiting(SYS_io_uring_setup, (nint)entries, (nint)pointer, 0, 0, 0, 0));
        }
    }

    /// <summary>A cleared entry to fill in. Entries are submitted in order, many with one call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal UringSubmission* Next()
    {
        if (_tail - Volatile.Read(ref *_submissionHead) > _submissionMask) { MakeRoom(); }
        UringSubmission* entry = _submissions + (_tail & _submissionMask);
        _tail++;
        _unsubmitted++;
        *entry = default;
        return entry;
    }

    /// <summary>
    /// Submits and, with <paramref name="waitFor"/> above 0, waits at most <paramref name="timeoutNs"/> (negative: no
    /// limit).
    /// </summary>
    internal void Enter(uint waitFor, long timeoutNs)
    {
        Volatile.Write(ref *_submissionTail, _tail);
        nint returned;
        if (waitFor == 0)
        {
            returned = Libc.syscall_now(
                SYS_io_uring_enter, _enterFd, (nint)_unsubmitted, 0, (nint)(IORING_ENTER_GETEVENTS | _enterFlags), 0, 0);
        }
        else if (timeoutNs < 0)
        {
            returned = Libc.syscall_waiting(
                SYS_io_uring_enter, _enterFd, (nint)_unsubmitted, 1, (nint)(IORING_ENTER_GETEVENTS | _enterFlags), 0, 0);
        }
        else
        {
            TimeSpec limit = TimeSpec.FromNs(timeoutNs);
            ulong* argument = stackalloc ulong[3]; // struct io_uring_getevents_arg: sigmask, sigmask_sz and pad, ts.
            argument[0] = argument[1] = 0;
            argument[2] = (ulong)(&limit);
            returned = Libc.syscall_waiting(
                SYS_io_uring_enter, _enterFd, (nint)_unsubmitted, 1,
                (nint)(IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | _enterFlags), (nint)argument, 24);
        }

        TookSubmissions(returned);
    }

    /// <summary>Takes one completion.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake(out UringCompletion completion)
    {
        uint head = *_completionHead;
        if (head == Volatile.Read(ref *_completionTail))
        {
            completion = default;
            return false;
        }

        completion = _completions[head & _completionMask];
        Volatile.Write(ref *_completionHead, head + 1);
        return true;
    }

    private void MakeRoom()
    {
        Submit();
        if (_tail - Volatile.Read(ref *_submissionHead) > _submissionMask)
        {
            // The kernel takes all there is (SUBMIT_ALL) unless it is out of memory: an entry lost would be worse.
            throw new InvalidOperationException($"io_uring_enter took none of {Entries} entries: {Libc.LastError}");
        }
    }

    /// <summary>Hands what waits to the kernel without taking completions.</summary>
    internal void Submit()
    {
        Volatile.Write(ref *_submissionTail, _tail);
        TookSubmissions(Libc.syscall_now(
            SYS_io_uring_enter, _enterFd, (nint)_unsubmitted, 0, (nint)_enterFlags, 0, 0));
    }

    private void TookSubmissions(nint returned)
    {
        if (returned >= 0)
        {
            _unsubmitted -= (uint)returned;
            return;
        }

        // EINTR and ETIME are an empty wait; EAGAIN and EBUSY mean that completions must be taken first.
        Errno error = Libc.LastError;
        if (error is Errno.EINTR or Errno.ETIME)
        {
            // With entries to submit the kernel reports how many it took, not the wait's end: nothing was taken here
            // unless the count went out by the head.
            _unsubmitted = _tail - Volatile.Read(ref *_submissionHead);
            return;
        }

        if (error is not (Errno.EAGAIN or Errno.EBUSY))
        {
            throw new InvalidOperationException($"io_uring_enter: {error}");
        }
    }

    private void FillSubmissionArray(in UringParameters parameters)
    {
        uint* array = (uint*)(_rings + parameters.SubmissionArray);
        for (uint i = 0; i < parameters.SubmissionEntries; i++) { array[i] = i; }
    }

    private (int EnterFd, uint Flags) RegisterOwnFd()
    {
        // Saves the lookup of the ring's own descriptor in every enter.
        ulong* update = stackalloc ulong[2];
        update[0] = uint.MaxValue;
        update[1] = (ulong)_fd;
        nint registered = Libc.syscall_waiting(
            SYS_io_uring_register, _fd, IORING_REGISTER_RING_FDS, (nint)update, 1, 0, 0);
        return registered == 1 ? ((int)(uint)update[0], IORING_ENTER_REGISTERED_RING) : (_fd, 0);
    }

    private void* MapShared(nuint bytes, nint offset)
    {
        void* address = Libc.mmap(
            null, bytes, Kernel.PROT_READ | Kernel.PROT_WRITE, Kernel.MAP_SHARED | Kernel.MAP_POPULATE, _fd, offset);
        return (nint)address == -1
            ? throw new InvalidOperationException($"mapping an io_uring of {bytes} bytes: {Libc.LastError}")
            : address;
    }

    public void Dispose()
    {
        Memory.Unmap(_submissions, _submissionsBytes);
        Memory.Unmap(_rings, _ringsBytes);
        Libc.close(_fd);
    }
}
