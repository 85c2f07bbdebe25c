namespace EdgeProxy.Linux;

/// <summary>
/// Descriptors with something to do, first come first served, each at most once: a ring that grows by doubling.
/// </summary>
internal sealed class EpollQueue
{
    private int[] _numbers = new int[256];
    private int _head;

    internal int Count { get; private set; }

    internal bool IsEmpty => Count == 0;

    internal void Add(int fd, ref EpollEntry entry)
    {
        if (entry.IsQueued) { return; }
        entry.IsQueued = true;
        if (Count == _numbers.Length) { Grow(); }
        _numbers[(_head + Count) & (_numbers.Length - 1)] = fd;
        Count++;
    }

    internal int Take(PagedArray<EpollEntry> entries)
    {
        int fd = _numbers[_head];
        _head = (_head + 1) & (_numbers.Length - 1);
        Count--;
        entries[fd].IsQueued = false;
        return fd;
    }

    private void Grow()
    {
        int[] larger = new int[_numbers.Length * 2];
        for (int i = 0; i < Count; i++) { larger[i] = _numbers[(_head + i) & (_numbers.Length - 1)]; }
        _numbers = larger;
        _head = 0;
    }
}
