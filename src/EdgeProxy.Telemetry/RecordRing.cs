using EdgeProxy.Routing;

namespace EdgeProxy.Telemetry;

/// <summary>
/// Connection records on their way from one loop to the log writer: one writer, one reader, bounded, never waiting.
/// A full ring drops the record and counts it.
/// </summary>
public sealed class RecordRing
{
    private readonly ConnectionRecord[] _records;
    private readonly int _mask;
    private long _head; // Next to read; moved by the reader.
    private long _tail; // Next to write; moved by the loop.
    private long _dropped;

    /// <param name="capacity">A power of two.</param>
    public RecordRing(int capacity)
    {
        Invariant.Holds(System.Numerics.BitOperations.IsPow2(capacity));
        _records = new ConnectionRecord[capacity];
        _mask = capacity - 1;
    }

    /// <summary>Records lost because the reader was behind.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public bool TryWrite(in ConnectionRecord record)
    {
        long tail = _tail;
        if (tail - Volatile.Read(ref _head) > _mask)
        {
            Volatile.Write(ref _dropped, _dropped + 1);
            return false;
        }

        _records[tail & _mask] = record;
        Volatile.Write(ref _tail, tail + 1);
        return true;
    }

    public bool TryRead(out ConnectionRecord record)
    {
        long head = _head;
        if (head == Volatile.Read(ref _tail))
        {
            record = default;
            return false;
        }

        record = _records[head & _mask];
        Volatile.Write(ref _head, head + 1);
        return true;
    }
}
