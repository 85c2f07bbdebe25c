namespace EdgeProxy.Linux;

/// <summary>
/// Waiting for a handful of descriptors with poll(2), for the threads beside the loops: no state in the kernel to keep
/// in step, and the cost of naming each descriptor every time does not matter there.
/// </summary>
public static unsafe class SlowPoll
{
    /// <summary>
    /// Waits until one of <paramref name="entries"/> is ready or <paramref name="timeoutMs"/> has passed (negative: no
    /// limit).
    /// </summary>
    /// <returns>How many are ready; 0 also when a signal ended the wait early.</returns>
    public static SysResult Wait(Span<PollEntry> entries, int timeoutMs)
    {
        fixed (PollEntry* first = entries)
        {
            SysResult ready = Libc.Result(Libc.poll(first, (nuint)entries.Length, timeoutMs));
            return ready.Error == Errno.EINTR ? new SysResult(0) : ready;
        }
    }
}
