namespace EdgeProxy.WireGuard;

/// <summary>
/// A few packets waiting for a handshake. Full, it forgets the oldest: the newest are the ones still wanted.
/// </summary>
internal sealed class PacketQueue
{
    public const int PacketsMax = 16;

    private readonly Queue<byte[]> _packets = new();

    public int Count => _packets.Count;

    /// <returns>False when the oldest packet had to go.</returns>
    public bool Add(ReadOnlySpan<byte> packet)
    {
        bool isFull = _packets.Count >= PacketsMax;
        if (isFull) { _ = _packets.Dequeue(); }
        _packets.Enqueue(packet.ToArray());
        return !isFull;
    }

    public byte[]? Peek() => _packets.TryPeek(out byte[]? packet) ? packet : null;

    public void Remove() => _ = _packets.Dequeue();

    public int Clear()
    {
        int count = _packets.Count;
        _packets.Clear();
        return count;
    }
}
