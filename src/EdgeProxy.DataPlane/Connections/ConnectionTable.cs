using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>
/// A loop's connection slots, in chunks that never move, so that a reference into one stays good while others are
/// added. Freed slots are reused last in, first out: the warm one is taken again.
/// </summary>
internal sealed class ConnectionTable
{
    private const int ChunkBits = 10;
    private const int ChunkSize = 1 << ChunkBits;
    private readonly List<Connection[]> _chunks = [];
    private int _firstFree = -1;

    internal int Count { get; private set; }

    internal int Capacity => _chunks.Count * ChunkSize;

    internal ref Connection this[int index] => ref _chunks[index >> ChunkBits][index & (ChunkSize - 1)];

    /// <summary>Takes a slot; every field is cleared but its number and generation.</summary>
    internal ref Connection Take()
    {
        if (_firstFree < 0) { AddChunk(); }
        int index = _firstFree;
        ref Connection connection = ref this[index];
        _firstFree = connection.NextFree;
        uint generation = connection.Generation;
        connection = default;
        connection.Index = index;
        connection.Generation = generation;
        connection.NextFree = -1;
        connection.TimerSlot = -1;
        Count++;
        return ref connection;
    }

    internal void Free(ref Connection connection)
    {
        Invariant.Holds(connection.State == ConnectionState.Free && connection.TimerSlot < 0);
        connection.Generation = (connection.Generation + 1) & OperationToken.GenerationMask;
        connection.NextFree = _firstFree;
        _firstFree = connection.Index;
        Count--;
    }

    private void AddChunk()
    {
        int first = Capacity;
        Connection[] chunk = new Connection[ChunkSize];
        for (int i = ChunkSize - 1; i >= 0; i--)
        {
            chunk[i].Index = first + i;
            chunk[i].NextFree = _firstFree;
            _firstFree = first + i;
        }

        _chunks.Add(chunk);
    }
}
