namespace EdgeProxy.Routing;

/// <summary>Bindings that end by themselves: not used for their time, or giving way to a new one.</summary>
public sealed partial class BindingTable
{
    /// <summary>Searches, at most, for one new binding.</summary>
    private const int EvictionsMax = 64;

    /// <summary>Chains one search goes through at most.</summary>
    private const int SearchedChainsMax = 64;

    /// <summary>
    /// Drops bindings past their time in the next chains; call it again and again. One thread. It looks without a lock
    /// and takes one for each binding that it drops.
    /// </summary>
    /// <param name="nowSeconds">Seconds of the same clock.</param>
    /// <param name="ttlSecondsByApp">Life per app id; 0 is for ever, an app beyond the end is gone with its
    /// bindings.</param>
    /// <param name="share">How much of the table to look through, from 0 to 1 for all of it.</param>
    /// <returns>How many were dropped.</returns>
    public int Sweep(uint nowSeconds, ReadOnlySpan<uint> ttlSecondsByApp, double share)
    {
        // Whoever needs room before the sweep comes round takes those first whose time is over.
        if (!ttlSecondsByApp.SequenceEqual(_ttlSecondsByApp)) { Volatile.Write(ref _ttlSecondsByApp, ttlSecondsByApp.ToArray()); }
        int dropped = 0;
        int homes = Volatile.Read(ref _homeCount);
        for (int chains = (int)Math.Ceiling(homes * Math.Clamp(share, 0, 1)); chains > 0; chains--)
        {
            int bucket = _counters.Swept + 1 < homes ? _counters.Swept + 1 : 0;
            _counters.Swept = bucket;
            for (int steps = 0; steps < StepsMax; steps++)
            {
                ref BindingBucket at = ref At(bucket);
                int next = Volatile.Read(ref at.Next); // Before a drop gives the bucket back and it has another.
                for (int lane = 0; lane < BindingBucket.Lanes; lane++)
                {
                    Binding seen = at.Read(lane);
                    if (seen.App == BindingBucket.Free || !IsOver(seen.App, seen.LastUseSeconds, nowSeconds, ttlSecondsByApp)) { continue; }
                    if (!TryEnd(seen, nowSeconds, ttlSecondsByApp, evicts: false)) { continue; }
                    Interlocked.Decrement(ref _counters.Count);
                    dropped++;
                }

                bucket = next;
                if (bucket == 0) { break; }
            }
        }

        return dropped;
    }

    /// <summary>
    /// Ends the longest unused of a chain and those after it, whose memory comes along with it; its count is the
    /// caller's then.
    /// </summary>
    private bool TryEvict(int home, uint nowSeconds)
    {
        Span<BindingBucket> buckets = Buckets;
        int homes = Volatile.Read(ref _homeCount);
        uint[] ttls = Volatile.Read(ref _ttlSecondsByApp);
        int oldest = None;
        uint oldestUse = 0;
        long oldestAge = long.MinValue;
        int seen = 0;
        for (int chains = Math.Min(SearchedChainsMax, homes); chains > 0 && seen < SampleSize; chains--)
        {
            int bucket = home;
            home = home + 1 < homes ? home + 1 : 0;
            for (int steps = 0; steps < StepsMax; steps++)
            {
                ref BindingBucket at = ref buckets[bucket];
                for (int lane = 0; lane < BindingBucket.Lanes; lane++)
                {
                    int app = at.Apps[lane];
                    if (app == BindingBucket.Free) { continue; }
                    seen++;
                    uint lastUse = at.LastUses[lane];
                    long age = (int)(nowSeconds - lastUse);
                    if (IsOver(app, lastUse, nowSeconds, ttls)) { age += uint.MaxValue; }
                    if (age <= oldestAge) { continue; }
                    oldest = (bucket << BindingBucket.LaneBits) | lane;
                    oldestUse = lastUse;
                    oldestAge = age;
                }

                bucket = Volatile.Read(ref at.Next);
                if (bucket == 0) { break; }
            }
        }

        if (oldest == None) { return false; }
        Binding chosen = At(oldest >> BindingBucket.LaneBits).Read(LaneOf(oldest)); // Perhaps torn: then it is not found.
        return chosen.App != BindingBucket.Free && chosen.LastUseSeconds == oldestUse
            && TryEnd(chosen, nowSeconds, ttls, evicts: true);
    }

    /// <summary>Takes out a binding as it was seen, and counts why; false if it is gone or was used since.</summary>
    /// <param name="evicts">Also one whose time is not over.</param>
    private bool TryEnd(in Binding seen, uint nowSeconds, ReadOnlySpan<uint> ttlSecondsByApp, bool evicts)
    {
        bool isOver = IsOver(seen.App, seen.LastUseSeconds, nowSeconds, ttlSecondsByApp);
        if (!isOver && !evicts) { return false; }
        uint hash = _hash.Of(seen.App, seen.Key);
        uint sequence = Lock(hash);
        int place = Walk(hash, seen.App, seen.Key, sequence);
        bool ends = place >= 0
            && Volatile.Read(ref At(place >> BindingBucket.LaneBits).LastUses[LaneOf(place)]) == seen.LastUseSeconds;
        if (ends) { Remove(hash, place); }
        Unlock(hash, sequence);
        if (ends) { Interlocked.Increment(ref isOver ? ref _counters.Expired : ref _counters.Evicted); }
        return ends;
    }

    private static bool IsOver(int app, uint lastUse, uint nowSeconds, ReadOnlySpan<uint> ttlSecondsByApp)
    {
        if (ttlSecondsByApp.IsEmpty) { return false; } // Not swept yet, so nothing is known of the apps.
        return app >= ttlSecondsByApp.Length || IsOver(ttlSecondsByApp[app], nowSeconds, lastUse);
    }
}
