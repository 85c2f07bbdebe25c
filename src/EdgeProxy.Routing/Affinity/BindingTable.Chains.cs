namespace EdgeProxy.Routing;

/// <summary>
/// Changing chains. Whoever calls these holds the stripe, but for taking and giving back overflow buckets.
/// </summary>
public sealed partial class BindingTable
{
    /// <summary>Updates the binding or makes one; true if it is new.</summary>
    private bool Insert(in Binding binding)
    {
        uint hash = _hash.Of(binding.App, binding.Key);
        bool reserved = false;
        for (int tries = 0; tries < EvictionsMax; tries++)
        {
            uint sequence = Lock(hash);
            int place = Walk(hash, binding.App, binding.Key, sequence);
            if (place < 0 && !reserved) { reserved = TryReserve(); }
            if (place >= 0) { At(place >> BindingBucket.LaneBits).Write(LaneOf(place), binding); }
            else if (reserved) { Put(HomeOf(hash), binding); }
            Unlock(hash, sequence);
            if (place >= 0)
            {
                if (reserved) { Interlocked.Decrement(ref _counters.Count); }
                return false;
            }

            if (reserved) { return true; }
            reserved = TryEvict(HomeOf(hash), binding.LastUseSeconds); // With no lock held: the one that gives way has its own.
        }

        Interlocked.Increment(ref _counters.Evicted); // Others were faster at every turn: then the new one gives way.
        return false;
    }

    /// <summary>Counts a new binding, unless the table is full.</summary>
    private bool TryReserve()
    {
        while (true) // Another turn means another thread has changed the count.
        {
            long count = Volatile.Read(ref _counters.Count);
            if (count >= _bindingsMax) { return false; }
            if (Interlocked.CompareExchange(ref _counters.Count, count + 1, count) == count) { return true; }
        }
    }

    /// <summary>Writes a counted binding to the first free lane of a chain.</summary>
    private void Put(int home, in Binding binding)
    {
        int bucket = home;
        do
        {
            ref BindingBucket at = ref At(bucket);
            int lane = at.FindFree();
            if (lane >= 0)
            {
                at.Write(lane, binding);
                return;
            }

            bucket = at.Next;
        }
        while (bucket != 0);

        int added = TakeOverflow();
        if (added == 0)
        {
            ReplaceOldest(home, binding);
            return;
        }

        ref BindingBucket overflow = ref At(added);
        overflow.Clear();
        overflow.Write(0, binding);
        overflow.Next = At(home).Next;
        At(home).Next = added;
    }

    /// <summary>Where the overflow buckets do not suffice, the longest unused of the chain itself gives way.</summary>
    private void ReplaceOldest(int home, in Binding binding)
    {
        int oldest = home << BindingBucket.LaneBits;
        int oldestAge = int.MinValue;
        for (int bucket = home; ;)
        {
            ref BindingBucket at = ref At(bucket);
            for (int lane = 0; lane < BindingBucket.Lanes; lane++)
            {
                int age = (int)(binding.LastUseSeconds - at.LastUses[lane]);
                if (age <= oldestAge) { continue; }
                oldest = (bucket << BindingBucket.LaneBits) | lane;
                oldestAge = age;
            }

            bucket = at.Next;
            if (bucket == 0) { break; }
        }

        At(oldest >> BindingBucket.LaneBits).Write(LaneOf(oldest), binding);
        Interlocked.Decrement(ref _counters.Count);
        Interlocked.Increment(ref _counters.Evicted);
    }

    /// <summary>Frees a lane, and its bucket if that is an overflow and has become empty.</summary>
    private void Remove(uint hash, int place)
    {
        int bucket = place >> BindingBucket.LaneBits;
        ref BindingBucket at = ref At(bucket);
        at.Apps[LaneOf(place)] = BindingBucket.Free;
        if (bucket >= _homesMax && at.IsEmpty) { UnlinkOverflow(HomeOf(hash), bucket); }
    }

    private void UnlinkOverflow(int home, int overflow)
    {
        int before = home;
        while (At(before).Next != overflow) { before = At(before).Next; }
        At(before).Next = At(overflow).Next;
        GiveBackOverflow(overflow);
    }

    /// <summary>An overflow bucket that nobody has, or 0.</summary>
    private int TakeOverflow()
    {
        while (true) // Another turn means another thread got a bucket.
        {
            long top = Volatile.Read(ref _counters.Free);
            int bucket = (int)top;
            if (bucket == 0) { break; }
            long next = Changed(top, Volatile.Read(ref At(bucket).Next)); // Stale if another thread was faster: the CAS fails.
            if (Interlocked.CompareExchange(ref _counters.Free, next, top) == top) { return bucket; }
        }

        while (true)
        {
            int taken = Volatile.Read(ref _counters.Taken);
            if (taken == _overflowsMax) { return 0; }
            if (Interlocked.CompareExchange(ref _counters.Taken, taken + 1, taken) == taken) { return _homesMax + taken; }
        }
    }

    private void GiveBackOverflow(int bucket)
    {
        while (true)
        {
            long top = Volatile.Read(ref _counters.Free);
            Volatile.Write(ref At(bucket).Next, (int)top);
            if (Interlocked.CompareExchange(ref _counters.Free, Changed(top, bucket), top) == top) { return; }
        }
    }

    private static long Changed(long top, int bucket) => (((top >> 32) + 1) << 32) | (uint)bucket;
}
