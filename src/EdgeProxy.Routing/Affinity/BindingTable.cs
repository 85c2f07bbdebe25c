using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeProxy.Routing;

/// <summary>
/// Which backend slot a client is kept on: (app, client prefix) to slot, with the time of last use. Any thread; a
/// look-up takes no lock, nothing is allocated after construction, and no call does work that grows with the table.
/// </summary>
/// <remarks>
/// <para>
/// Shape. A hash table of buckets of four bindings (<see cref="BindingBucket"/>): a home bucket per chain, and where
/// more than four meet, overflow buckets behind it. All lie in one array, reserved for the most bindings and used from
/// the front of its two parts, so the memory that is resident follows the bindings: about 67 bytes each while it grows,
/// 45 in a full table of a million. It holds no references: the collector neither reads nor moves it.
/// </para>
/// <para>
/// Growth is linear hashing (Litwin 1980): home buckets are added one at a time, and each deals one chain out to two.
/// There is no moment at which everything is rehashed.
/// </para>
/// <para>
/// Threads. The lowest bits of a hash choose a sequence lock. A home and the one it is split from differ in higher bits
/// only, so one lock covers a key for ever. Readers walk without locking, and again if the lock's number has changed.
/// Writers hold one lock at a time, for some tens of nanoseconds. Only a last use is written without it: a refresh in
/// the very moment in which its binding is moved or removed may be lost, or make the lane's new owner look fresher.
/// </para>
/// <para>
/// Bound. When the table is full, a new binding takes the place of the longest unused of at least
/// <see cref="SampleSize"/> neighbours: its own chain and those after it. So at least 15 others have been used no
/// later, and on average it is among the oldest 6 %. One whose time is over goes before any other, and counts as
/// expired. Should the overflow buckets run out before the table is full, which takes far more of them than chance asks
/// for, the longest unused of its own chain gives way.
/// </para>
/// <para>BindingBenchmarks has the figures.</para>
/// </remarks>
public sealed partial class BindingTable
{
    /// <summary>Bindings looked at to find one that gives way, where there are so many.</summary>
    internal const int SampleSize = 16;

    private const int StripesMin = 16;
    private const int StripesMax = 1024;

    /// <summary>Bindings per home bucket in a full table, at most.</summary>
    private const int BindingsPerHomeMax = 4;

    /// <summary>Buckets after which a walk asks whether a change has led it astray; chains are far shorter.</summary>
    private const int StepsMax = 16;

    private const int None = -1;
    private const int Astray = -2;

    private readonly int _bindingsMax;
    private readonly int _homesMax;
    private readonly int _overflowsMax;
    private readonly BindingHash _hash;
    private readonly ulong[] _words;
    private readonly int _firstWord;
    private readonly uint[] _stripes;
    private readonly uint _stripeMask;
    private int _homeCount;
    private uint[] _ttlSecondsByApp = [];
    private BindingCounters _counters;

    /// <param name="bindingsMax">Most bindings held; a new one then takes the place of one long unused.</param>
    /// <param name="seed">A secret number, so that nobody can choose addresses that collide.</param>
    public BindingTable(int bindingsMax, ulong seed)
        : this(bindingsMax, seed, overflowsPer1024Homes: 512)
    {
    }

    internal BindingTable(int bindingsMax, ulong seed, int overflowsPer1024Homes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bindingsMax, 1);
        _bindingsMax = bindingsMax;
        uint homes = BitOperations.RoundUpToPowerOf2((uint)bindingsMax / BindingsPerHomeMax);
        _homesMax = (int)Math.Max(StripesMin, homes);
        // With four per home on average 0.39 of them overflow; a few more for a small table, where chance weighs more.
        _overflowsMax = (int)((long)_homesMax * overflowsPer1024Homes / 1024) + (overflowsPer1024Homes / 8);
        _homeCount = Math.Min(StripesMax, _homesMax);
        _stripes = new uint[_homeCount];
        _stripeMask = (uint)_homeCount - 1;
        _hash = new BindingHash(seed);

        // Pages of a large fresh array become resident when they are touched. Pinned, because only then can buckets be
        // laid on cache lines: an array's first element lies 16 bytes into its object.
        const int WordsPerBucket = BindingBucket.Bytes / sizeof(ulong);
        _words = GC.AllocateUninitializedArray<ulong>((_homesMax + _overflowsMax + 1) * WordsPerBucket, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_words, 0);
        _firstWord = (int)((-address & (BindingBucket.Bytes - 1)) / sizeof(ulong));
        for (int home = 0; home < _homeCount; home++) { At(home).Clear(); }
    }

    public long Count => Volatile.Read(ref _counters.Count);

    /// <summary>Bindings that gave way to newer ones since the start.</summary>
    public long Evicted => Volatile.Read(ref _counters.Evicted);

    /// <summary>Bindings dropped after their time since the start.</summary>
    public long Expired => Volatile.Read(ref _counters.Expired);

    /// <summary>Finds a live binding and refreshes its last use.</summary>
    /// <param name="app">The app's id.</param>
    /// <param name="key">The client's address, cut to the app's prefix length.</param>
    /// <param name="nowSeconds">Seconds of any steady clock.</param>
    /// <param name="ttlSeconds">Life after the last use; 0 is for ever.</param>
    /// <param name="slot">The backend slot, -1 if there is no binding.</param>
    public bool TryFind(int app, in IpAddress key, uint nowSeconds, uint ttlSeconds, out int slot)
    {
        int place = Read(app, key, out slot, out uint lastUse);
        if (place < 0) { return false; }
        if (IsOver(ttlSeconds, nowSeconds, lastUse))
        {
            slot = -1;
            return false;
        }

        Refresh(place, nowSeconds);
        return true;
    }

    /// <summary>Finds a live binding and leaves its last use as it is: for whoever only looks.</summary>
    /// <inheritdoc cref="TryFind"/>
    internal bool TryPeek(int app, in IpAddress key, uint nowSeconds, uint ttlSeconds, out int slot)
    {
        if (Read(app, key, out slot, out uint lastUse) >= 0 && !IsOver(ttlSeconds, nowSeconds, lastUse)) { return true; }
        slot = -1;
        return false;
    }

    /// <summary>Binds the client to a slot, whatever it was bound to.</summary>
    public void Bind(int app, in IpAddress key, int slot, uint nowSeconds)
    {
        // A client that came back is bound to the same slot already: no lock for it.
        int place = Read(app, key, out int seen, out _);
        if (place >= 0 && seen == slot) { Refresh(place, nowSeconds); }
        else if (Insert(new Binding(app, key, slot, nowSeconds))) { Grow(); }
    }

    /// <summary>Drops the binding if it still points to <paramref name="slot"/>.</summary>
    public void Unbind(int app, in IpAddress key, int slot)
    {
        uint hash = _hash.Of(app, key);
        uint sequence = Lock(hash);
        int place = Walk(hash, app, key, sequence);
        bool drops = place >= 0 && At(place >> BindingBucket.LaneBits).Slots[LaneOf(place)] == slot;
        if (drops) { Remove(hash, place); }
        Unlock(hash, sequence);
        if (drops) { Interlocked.Decrement(ref _counters.Count); }
    }

    /// <summary>Refreshes the last use of the binding if it still points to <paramref name="slot"/>.</summary>
    public void Touch(int app, in IpAddress key, int slot, uint nowSeconds)
    {
        int place = Read(app, key, out int seen, out _);
        if (place >= 0 && seen == slot) { Refresh(place, nowSeconds); }
    }

    /// <summary>
    /// Loops read their clocks at different moments, so a last use may lie a little ahead: that is no age.
    /// </summary>
    private static bool IsOver(uint ttlSeconds, uint nowSeconds, uint lastUse) =>
        ttlSeconds != 0 && (int)(nowSeconds - lastUse) >= (long)ttlSeconds;

    private static int LaneOf(int place) => place & (BindingBucket.Lanes - 1);

    private Span<BindingBucket> Buckets
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MemoryMarshal.Cast<ulong, BindingBucket>(new Span<ulong>(_words, _firstWord, _words.Length - _firstWord));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref BindingBucket At(int bucket) => ref Buckets[bucket];

    private void Refresh(int place, uint nowSeconds)
    {
        ref uint lastUse = ref At(place >> BindingBucket.LaneBits).LastUses[LaneOf(place)];
        if ((int)(nowSeconds - lastUse) > 0) { Volatile.Write(ref lastUse, nowSeconds); }
    }

    /// <summary>
    /// The place of a binding, with what it held at one moment and without a lock; negative if there is none.
    /// </summary>
    private int Read(int app, in IpAddress key, out int slot, out uint lastUse)
    {
        // Short on purpose: while one look-up waits for memory, the processor begins the next as far as its window
        // reaches. So the usual case, one bucket and nobody in between, is all there is here.
        uint hash = _hash.Of(app, key);
        uint[] stripes = _stripes;
        ref uint stripe = ref stripes[(int)hash & (stripes.Length - 1)];
        uint before = Volatile.Read(ref stripe);
        int home = HomeOf(hash);
        ref BindingBucket bucket = ref At(home);
        int lane = bucket.Find(app, key);
        if (lane < 0 && bucket.Next != 0) { return ReadLong(hash, app, key, out slot, out lastUse); }
        slot = lane < 0 ? -1 : bucket.Slots[lane];
        lastUse = lane < 0 ? 0 : bucket.LastUses[lane];
        Volatile.ReadBarrier(); // All of that was read before the number is looked at again.
        if (((before & 1) | (stripe ^ before)) != 0) { return ReadLong(hash, app, key, out slot, out lastUse); }
        return lane < 0 ? None : (home << BindingBucket.LaneBits) | lane;
    }

    private int ReadLong(uint hash, int app, in IpAddress key, out int slot, out uint lastUse)
    {
        ref uint stripe = ref _stripes[hash & _stripeMask];
        SpinWait spin = default;
        while (true) // Ends when no writer gets in between.
        {
            slot = -1;
            lastUse = 0;
            uint before = Volatile.Read(ref stripe);
            if ((before & 1) == 0)
            {
                int place = Walk(hash, app, key, before);
                if (place >= 0)
                {
                    ref BindingBucket bucket = ref At(place >> BindingBucket.LaneBits);
                    slot = bucket.Slots[LaneOf(place)];
                    lastUse = bucket.LastUses[LaneOf(place)];
                }

                Volatile.ReadBarrier();
                if (stripe == before) { return place; }
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>The place of a key; None, or Astray if its chain changed under a long walk.</summary>
    private int Walk(uint hash, int app, in IpAddress key, uint sequence)
    {
        int bucket = HomeOf(hash);
        for (int steps = 1; ; steps++)
        {
            ref BindingBucket at = ref At(bucket);
            int lane = at.Find(app, key);
            if (lane >= 0) { return (bucket << BindingBucket.LaneBits) | lane; }
            bucket = at.Next;
            if (bucket == 0) { return None; }
            if (steps % StepsMax == 0 && Volatile.Read(ref _stripes[hash & _stripeMask]) != sequence) { return Astray; }
        }
    }

    /// <summary>Locks a hash's stripe; returns what <see cref="Unlock"/> wants.</summary>
    private uint Lock(uint hash)
    {
        ref uint stripe = ref _stripes[hash & _stripeMask];
        SpinWait spin = default;
        while (true)
        {
            uint seen = Volatile.Read(ref stripe);
            if ((seen & 1) == 0 && Interlocked.CompareExchange(ref stripe, seen + 1, seen) == seen) { return seen + 1; }
            spin.SpinOnce(sleep1Threshold: -1); // Some turns, then the processor is offered to a preempted holder.
        }
    }

    private void Unlock(uint hash, uint locked) => Volatile.Write(ref _stripes[hash & _stripeMask], locked + 1);
}
