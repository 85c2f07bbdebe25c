using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>Linear hashing: which home a hash has, and how there come to be more of them.</summary>
public sealed partial class BindingTable
{
    /// <summary>
    /// As long as homes can be added there is one for so many bindings: chains not yet split have twice that.
    /// </summary>
    private const int BindingsPerHome = 2;

    /// <summary>
    /// The home bucket of a hash: its lowest bits, one less where that home does not exist yet. Under the stripe's lock
    /// it is exact; a reader that meets a split sees the stripe's number change.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int HomeOf(uint hash) => HomeOf(hash, Volatile.Read(ref _homeCount));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int HomeOf(uint hash, int homeCount)
    {
        uint mask = uint.MaxValue >> BitOperations.LeadingZeroCount((uint)homeCount - 1);
        uint home = hash & mask;
        return (int)(home < (uint)homeCount ? home : home & (mask >> 1));
    }

    /// <summary>After a binding was added: a split, if there are too few homes by now.</summary>
    private void Grow()
    {
        int count = Volatile.Read(ref _homeCount);
        if (count == _homesMax || (long)count * BindingsPerHome >= Volatile.Read(ref _counters.Count)) { return; }
        if (Interlocked.CompareExchange(ref _counters.Growing, 1, 0) != 0) { return; } // Another thread is at it.
        if (_homeCount == count) { Split(count); }
        Volatile.Write(ref _counters.Growing, 0);
    }

    /// <summary>Adds a home and deals to it its part of the chain it is split from.</summary>
    private void Split(int added)
    {
        uint bit = 1u << BitOperations.Log2((uint)added);
        int source = added - (int)bit;
        uint sequence = Lock((uint)source); // The lowest bits of both are the same: this is the stripe of both.
        At(added).Clear();
        int bucket = source;
        do
        {
            ref BindingBucket at = ref At(bucket);
            int next = at.Next;
            for (int lane = 0; lane < BindingBucket.Lanes; lane++)
            {
                if (at.Apps[lane] == BindingBucket.Free) { continue; }
                Binding binding = at.Read(lane);
                bool moves = (_hash.Of(binding.App, binding.Key) & bit) != 0;
                if (!moves && bucket == source) { continue; }
                at.Apps[lane] = BindingBucket.Free; // One that stays closes a gap further up, or comes back to this lane.
                Put(moves ? added : source, binding);
            }

            if (bucket >= _homesMax && at.IsEmpty) { UnlinkOverflow(source, bucket); }
            bucket = next;
        }
        while (bucket != 0);

        Volatile.Write(ref _homeCount, added + 1);
        Unlock((uint)source, sequence);
    }
}
