namespace EdgeProxy.Linux;

/// <summary>
/// Ends another thread's <see cref="SlowPoll.Wait"/>: an eventfd(2) that is readable from <see cref="Set"/> until
/// <see cref="Clear"/>. Any thread may set it.
/// </summary>
public sealed unsafe class WakeEvent : IDisposable
{
    private int _fd;

    /// <exception cref="IOException">The process has no descriptor left.</exception>
    public WakeEvent()
    {
        SysResult opened = Libc.Result(Libc.eventfd(0, Kernel.EFD_CLOEXEC | Kernel.EFD_NONBLOCK));
        if (!opened.Ok)
        {
            throw new IOException($"No eventfd could be opened ({opened.Error}); raise the descriptor limit (ulimit -n).");
        }

        _fd = opened.Value;
    }

    public Fd Descriptor => new(_fd);

    public void Set()
    {
        ulong one = 1;
        _ = Libc.write(_fd, &one, sizeof(ulong)); // Fails only when it is set 2^64 - 2 times over, and then it is set.
    }

    public void Clear()
    {
        ulong count;
        _ = Libc.read(_fd, &count, sizeof(ulong)); // EAGAIN: it was not set.
    }

    public void Dispose()
    {
        int fd = Interlocked.Exchange(ref _fd, -1);
        if (fd >= 0) { _ = Libc.close(fd); }
    }
}
