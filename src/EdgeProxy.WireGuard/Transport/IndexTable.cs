using System.Buffers.Binary;

namespace EdgeProxy.WireGuard;

/// <summary>
/// Receiver indexes, drawn at random so that they tell nothing, and what they stand for. Looked up by any thread
/// without a lock; changed under one.
/// </summary>
/// <remarks>
/// Every entry lies where the low bits of its index say, and no two have the same: an index that would fall on a taken
/// place is drawn again. A lookup is one load and one comparison. At half full the table doubles; entries that differed
/// in the old bits differ in the new ones.
/// </remarks>
internal sealed class IndexTable(RandomFill random)
{
    private const int SizeMin = 64;

    private readonly Lock _lock = new();
    private IndexEntry?[] _entries = new IndexEntry?[SizeMin];

    public int Count { get; private set; }

    public IndexEntry? Find(uint index)
    {
        IndexEntry?[] entries = Volatile.Read(ref _entries);
        IndexEntry? found = Volatile.Read(ref entries[index & (uint)(entries.Length - 1)]);
        return found is not null && found.Index == index ? found : null;
    }

    public IndexEntry Add(Peer peer)
    {
        lock (_lock)
        {
            if (Count >= _entries.Length / 2) { Grow(); }
            uint index;
            do { index = Draw(); }
            while (_entries[PlaceOf(index)] is not null);
            IndexEntry entry = new(index, peer);
            Volatile.Write(ref _entries[PlaceOf(index)], entry);
            Count++;
            return entry;
        }
    }

    public void Remove(IndexEntry? entry)
    {
        if (entry is null) { return; }
        lock (_lock)
        {
            int place = PlaceOf(entry.Index);
            if (_entries[place] != entry) { return; }
            Volatile.Write(ref _entries[place], null);
            Count--;
        }
    }

    private uint Draw()
    {
        Span<byte> drawn = stackalloc byte[sizeof(uint)];
        random(drawn);
        return BinaryPrimitives.ReadUInt32LittleEndian(drawn);
    }

    private int PlaceOf(uint index) => (int)(index & (uint)(_entries.Length - 1));

    private void Grow()
    {
        IndexEntry?[] entries = new IndexEntry?[_entries.Length * 2];
        foreach (IndexEntry? entry in _entries)
        {
            if (entry is not null) { entries[entry.Index & (uint)(entries.Length - 1)] = entry; }
        }

        Volatile.Write(ref _entries, entries);
    }
}
