namespace EdgeProxy.Routing;

/// <summary>
/// Where rows wait until all of them are known: used again by every build, so that a reload leaves behind little more
/// than the table it replaces. One thread.
/// </summary>
internal sealed class RowScratch
{
    private const int ChunkBits = 12;
    private const int ChunkRows = 1 << ChunkBits;

    /// <summary>
    /// Kept between builds: the scratch of 131,072 rows is 6 MB. What a larger table needed is given back.
    /// </summary>
    private const int ChunksKept = 32;

    private readonly List<BackendRecord[]> _chunks = [];

    public int Count { get; private set; }

    public ref readonly BackendRecord this[int row] => ref _chunks[row >> ChunkBits][row & (ChunkRows - 1)];

    public void Add(in BackendRecord record)
    {
        if (Count >> ChunkBits == _chunks.Count) { _chunks.Add(GC.AllocateUninitializedArray<BackendRecord>(ChunkRows)); }
        _chunks[Count >> ChunkBits][Count & (ChunkRows - 1)] = record;
        Count++;
    }

    /// <summary>
    /// Forgets all rows; to be called at the start of a build, for one before it may have been given up.
    /// </summary>
    public void Clear()
    {
        Count = 0;
        if (_chunks.Count > ChunksKept) { _chunks.RemoveRange(ChunksKept, _chunks.Count - ChunksKept); }
    }
}
