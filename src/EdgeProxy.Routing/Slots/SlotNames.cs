namespace EdgeProxy.Routing;

/// <summary>
/// Backend ids as UTF-8 in large segments, by slot index: no object per id. One thread writes, any thread reads. A
/// holder only ever grows; when too much of it belongs to ids that are gone, the writer starts a new holder, so a
/// reader that took the old one still reads what it found there.
/// </summary>
internal sealed class SlotNames
{
    public const int SegmentBytes = 1 << 18;
    private const int LengthBits = 16;
    private const int OffsetBits = 18;

    private byte[][] _segments = [];
    private ulong[][] _places = [];
    private int _used = SegmentBytes;

    /// <summary>Bytes of all ids ever added to this holder.</summary>
    public long BytesAdded { get; private set; }

    /// <summary>The id of a slot; empty if it has none.</summary>
    public ReadOnlySpan<byte> Get(int index)
    {
        ulong[][] pages = Volatile.Read(ref _places);
        int page = index >> BackendSlots.ChunkBits;
        if (page >= pages.Length) { return default; }
        ulong place = Volatile.Read(ref pages[page][index & BackendSlots.ChunkMask]);
        int length = (int)(place & ((1UL << LengthBits) - 1));
        if (length == 0) { return default; }
        int offset = (int)(place >> LengthBits) & ((1 << OffsetBits) - 1);
        return _segments[(int)(place >> (LengthBits + OffsetBits))].AsSpan(offset, length);
    }

    public void Set(int index, ReadOnlySpan<byte> id)
    {
        if (_used + id.Length > SegmentBytes)
        {
            Volatile.Write(ref _segments, [.. _segments, new byte[SegmentBytes]]);
            _used = 0;
        }

        id.CopyTo(_segments[^1].AsSpan(_used));
        ulong place = ((ulong)(uint)(_segments.Length - 1) << (LengthBits + OffsetBits))
            | ((ulong)(uint)_used << LengthBits) | (uint)id.Length;
        int page = index >> BackendSlots.ChunkBits;
        while (page >= _places.Length) { Volatile.Write(ref _places, [.. _places, new ulong[1 << BackendSlots.ChunkBits]]); }
        Volatile.Write(ref _places[page][index & BackendSlots.ChunkMask], place);
        _used += id.Length;
        BytesAdded += id.Length;
    }
}
