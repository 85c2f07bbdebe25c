namespace EdgeProxy.Routing;

/// <summary>
/// Taking slots back from backends that are gone. Only the thread that publishes tables. A backend that is gone keeps
/// its slot, so that its totals are still right if it comes back, until there are too many of them; one that still
/// carries connections keeps it for as long as it does.
/// </summary>
public sealed partial class BackendSlots
{
    /// <summary>Backends gone from the table whose slots are kept for their return.</summary>
    internal const int GoneKeptDefault = 16_384;

    /// <summary>
    /// To be called after <paramref name="table"/> was published. Costs nothing while few backends are gone; else looks
    /// at every slot.
    /// </summary>
    internal void Reclaim(RoutingTable table)
    {
        int gone = _identities - table.BackendCount;
        Invariant.Holds(gone >= 0);
        bool latenciesWanted = gone > 0 && _latenciesMade == OwnLatencyMax && _freeLatencies.Count == 0;
        int surplus = gone > _goneKeptMax ? gone - (_goneKeptMax / 2) : 0;
        if (surplus == 0 && !latenciesWanted) { return; }

        int retired = 0;
        for (int index = 0; index < _count; index++)
        {
            if (_names.Get(index).IsEmpty || table.IndexOfSlot(HandleOf(index)) >= 0) { continue; }
            ref SlotState state = ref At(index);
            if (retired < surplus && Seat.TryRetire(ref state.SeatWord))
            {
                Retire(index, ref state);
                retired++;
            }
            else if (latenciesWanted)
            {
                TakeOwnLatency(ref state);
            }
        }

        if (retired == 0) { return; }
        _identities -= retired;
        Rehash(_buckets.Length);
        CompactNames();
    }

    /// <summary>Whoever still holds the old handle finds it of another generation from here on.</summary>
    private void Retire(int index, ref SlotState state)
    {
        _names.Set(index, default);
        TakeOwnLatency(ref state);
        Volatile.Write(ref state.Connections, 0);
        Volatile.Write(ref state.Errors, 0);
        Volatile.Write(ref state.UploadBytes, 0);
        Volatile.Write(ref state.DownloadBytes, 0);
        _free.Enqueue(index);
    }

    /// <summary>
    /// A loop that is just counting into it may add one sample to the next owner's: a blur, not an error.
    /// </summary>
    private void TakeOwnLatency(ref SlotState state)
    {
        int number = state.Latency;
        if (number == 0) { return; }
        Volatile.Write(ref state.Latency, 0);
        _latencies[number].Clear();
        _freeLatencies.Push(number);
    }

    /// <summary>Starts a new holder of names when most of the old one is names that are gone.</summary>
    private void CompactNames()
    {
        long live = 0;
        for (int index = 0; index < _count; index++) { live += _names.Get(index).Length; }
        if (_names.BytesAdded <= (2 * live) + SlotNames.SegmentBytes) { return; }
        SlotNames compact = new();
        for (int index = 0; index < _count; index++)
        {
            if (_names.Get(index) is { IsEmpty: false } name) { compact.Set(index, name); }
        }

        Volatile.Write(ref _names, compact);
    }
}
