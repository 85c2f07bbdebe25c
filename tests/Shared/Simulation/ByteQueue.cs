namespace EdgeProxy.Testing;

/// <summary>Bytes in order, in at one end and out at the other.</summary>
internal sealed class ByteQueue
{
    private byte[] _bytes = new byte[256];
    private int _head;

    public int Count { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        EnsureRoom(bytes.Length);
        int tail = (_head + Count) & (_bytes.Length - 1);
        int first = Math.Min(bytes.Length, _bytes.Length - tail);
        bytes[..first].CopyTo(_bytes.AsSpan(tail));
        bytes[first..].CopyTo(_bytes);
        Count += bytes.Length;
    }

    /// <summary>Copies as many as fit and leaves them; returns how many.</summary>
    public int Peek(Span<byte> into)
    {
        int count = Math.Min(into.Length, Count);
        int first = Math.Min(count, _bytes.Length - _head);
        _bytes.AsSpan(_head, first).CopyTo(into);
        _bytes.AsSpan(0, count - first).CopyTo(into[first..]);
        return count;
    }

    /// <summary>Takes as many as fit; returns how many.</summary>
    public int Read(Span<byte> into)
    {
        int count = Peek(into);
        _head = (_head + count) & (_bytes.Length - 1);
        Count -= count;
        return count;
    }

    public void Clear() => Count = 0;

    private void EnsureRoom(int more)
    {
        if (Count + more <= _bytes.Length) { return; }
        int size = _bytes.Length;
        while (size < Count + more) { size *= 2; }
        byte[] larger = new byte[size];
        int count = Read(larger.AsSpan(0, Count));
        _bytes = larger;
        _head = 0;
        Count = count;
    }
}
