using System.Numerics;

namespace EdgeProxy.Routing;

/// <summary>All bindings, for inspection.</summary>
public sealed partial class BindingTable
{
    /// <summary>The bindings for inspection: each that stays during the walk exactly once, others perhaps.</summary>
    public IEnumerable<Binding> Enumerate()
    {
        // The homes of this moment are walked, each with all that are split from it meanwhile: together they hold the
        // same keys for ever, and one stripe covers them.
        int homes = Volatile.Read(ref _homeCount);
        List<Binding> found = [];
        for (int home = 0; home < homes; home++)
        {
            found.Clear();
            CopyFamily(home, homes, found);
            foreach (Binding binding in found) { yield return binding; }
        }
    }

    private void CopyFamily(int home, int homesThen, List<Binding> found)
    {
        found.EnsureCapacity(64); // Not while the stripe is locked.
        int step = (int)BitOperations.RoundUpToPowerOf2((uint)homesThen) / 2;
        uint sequence = Lock((uint)home);
        int homes = _homeCount;
        for (int member = home; member < homes; member += Math.Max(1, step))
        {
            if (HomeOf((uint)member, homesThen) != home) { continue; }
            for (int bucket = member; ;)
            {
                ref BindingBucket at = ref At(bucket);
                for (int lane = 0; lane < BindingBucket.Lanes; lane++)
                {
                    if (at.Apps[lane] != BindingBucket.Free) { found.Add(at.Read(lane)); }
                }

                bucket = at.Next;
                if (bucket == 0) { break; }
            }
        }

        Unlock((uint)home, sequence);
    }
}
