namespace EdgeProxy.ControlPlane;

/// <summary>
/// Finished lines on their way to the log thread: a bounded ring of bytes that any thread may fill and one empties. The
/// lock is held for one copy of at most a line or a batch, never over a system call; a full ring refuses the line and
/// counts it, so nobody waits for whoever reads the log.
/// </summary>
internal sealed class LineQueue(int capacityBytes)
{
    private readonly byte[] _bytes = new byte[capacityBytes];
    private readonly Lock _lock = new();
    private int _start;
    private int _used;
    private long _dropped;

    /// <summary>Lines refused so far.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public bool TryAdd(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            if (line.Length > _bytes.Length - _used)
            {
                _dropped++;
                return false;
            }

            int end = (_start + _used) % _bytes.Length;
            int first = Math.Min(line.Length, _bytes.Length - end);
            line[..first].CopyTo(_bytes.AsSpan(end));
            line[first..].CopyTo(_bytes);
            _used += line.Length;
            return true;
        }
    }

    /// <summary>Moves what is waiting to the start of <paramref name="target"/>, as much as fits.</summary>
    /// <returns>Bytes moved.</returns>
    public int Take(Span<byte> target)
    {
        lock (_lock)
        {
            int count = Math.Min(target.Length, _used);
            int first = Math.Min(count, _bytes.Length - _start);
            _bytes.AsSpan(_start, first).CopyTo(target);
            _bytes.AsSpan(0, count - first).CopyTo(target[first..]);
            _start = (_start + count) % _bytes.Length;
            _used -= count;
            return count;
        }
    }
}
