using System.Numerics;

namespace EdgeProxy.Routing;

/// <summary>
/// Which id has which slot: an open-addressing table of slot indexes. Only the thread that builds tables.
/// </summary>
public sealed partial class BackendSlots
{
    private const int Empty = -1;

    private int[] _buckets = NewBuckets(64);
    private uint[] _hashes = [];
    private readonly Queue<int> _free = [];
    private readonly Stack<int> _freeLatencies = [];
    private int _latenciesMade;
    private int _identities;

    /// <summary>For the builder, which like the identities is used by one thread only.</summary>
    internal RowScratch Rows { get; } = new();

    /// <summary>The handle of an id's slot, or -1.</summary>
    internal int Find(ReadOnlySpan<byte> id)
    {
        int bucket = FindBucket(id, Hash(id));
        return _buckets[bucket] == Empty ? -1 : HandleOf(_buckets[bucket]);
    }

    /// <summary>The handle of an id's slot, a new one if there is none; -1 when every slot is taken.</summary>
    internal int FindOrAdd(ReadOnlySpan<byte> id)
    {
        uint hash = Hash(id);
        int bucket = FindBucket(id, hash);
        int index = _buckets[bucket];
        if (index == Empty)
        {
            index = TakeFreeIndex();
            if (index < 0) { return -1; }
            _names.Set(index, id);
            _hashes[index] = hash;
            _buckets[bucket] = index;
            if (++_identities * 2 > _buckets.Length) { Rehash(_buckets.Length * 2); }
        }

        GiveOwnLatency(ref At(index));
        return HandleOf(index);
    }

    private int HandleOf(int index) => Seat.Handle(index, Volatile.Read(ref At(index).SeatWord));

    private int TakeFreeIndex()
    {
        if (_free.TryDequeue(out int free)) { return free; }
        if (_count == SlotsMax) { return -1; }
        int index = _count;
        if ((index & ChunkMask) == 0) { Volatile.Write(ref _chunks[index >> ChunkBits], new SlotState[1 << ChunkBits]); }
        if (index == _hashes.Length) { Array.Resize(ref _hashes, Math.Max(64, _hashes.Length * 2)); }
        Volatile.Write(ref _count, index + 1);
        return index;
    }

    private void GiveOwnLatency(ref SlotState state)
    {
        if (state.Latency != 0) { return; }
        if (!_freeLatencies.TryPop(out int number))
        {
            if (_latenciesMade == OwnLatencyMax) { return; }
            number = ++_latenciesMade;
            _latencies[number] = new LatencyHistogram();
        }

        Volatile.Write(ref state.Latency, number);
    }

    /// <summary>The id's bucket, or the empty one where it would go.</summary>
    private int FindBucket(ReadOnlySpan<byte> id, uint hash)
    {
        int mask = _buckets.Length - 1;
        int bucket = (int)(hash & (uint)mask);
        while (true) // At most half of the buckets are taken, so there is an empty one.
        {
            int index = _buckets[bucket];
            if (index == Empty || (_hashes[index] == hash && _names.Get(index).SequenceEqual(id))) { return bucket; }
            bucket = (bucket + 1) & mask;
        }
    }

    private void Rehash(int size)
    {
        int[] old = _buckets;
        _buckets = NewBuckets((int)BitOperations.RoundUpToPowerOf2((uint)size));
        int mask = _buckets.Length - 1;
        foreach (int index in old)
        {
            if (index == Empty || _names.Get(index).IsEmpty) { continue; } // Empty: its slot was just taken back.
            int bucket = (int)(_hashes[index] & (uint)mask);
            while (_buckets[bucket] != Empty) { bucket = (bucket + 1) & mask; }
            _buckets[bucket] = index;
        }
    }

    private static int[] NewBuckets(int size)
    {
        int[] buckets = new int[size];
        buckets.AsSpan().Fill(Empty);
        return buckets;
    }

    /// <summary>Seeded per process by the runtime, so a table's author cannot choose ids that collide.</summary>
    private static uint Hash(ReadOnlySpan<byte> id)
    {
        HashCode hash = default;
        hash.AddBytes(id);
        return (uint)hash.ToHashCode();
    }
}
