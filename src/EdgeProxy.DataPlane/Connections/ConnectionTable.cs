using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>
/// A loop's connection slots, each with a generation that tells a connection from the slot's next one.
/// </summary>
internal sealed class ConnectionTable(int connectionsMax) : IDisposable
{
    private readonly SlotPool<Connection> _slots = new(connectionsMax);

    internal int Count => _slots.Count;

    internal bool IsFull => _slots.Count == connectionsMax;

    /// <summary>One past the highest slot that was ever in use.</summary>
    internal int Highest => _slots.Highest;

    internal ref Connection this[int index] => ref _slots[index];

    /// <summary>Takes a slot; every field is cleared but its number and generation.</summary>
    internal ref Connection Take()
    {
        int index = _slots.Take();
        ref Connection connection = ref _slots[index];
        uint generation = connection.Generation;
        connection = default;
        connection.Index = index;
        connection.Generation = generation;
        connection.TimerSlot = -1;
        return ref connection;
    }

    internal void Free(ref Connection connection)
    {
        Invariant.Holds(connection.State == ConnectionState.Free && connection.TimerSlot < 0);
        connection.Generation = (connection.Generation + 1) & OperationToken.GenerationMask;
        _slots.Free(connection.Index);
    }

    public void Dispose() => _slots.Dispose();
}
