namespace EdgeProxy.Routing;

internal sealed partial class SelectionIndex
{
    /// <summary>
    /// As <see cref="FindBest"/>, for the further attempts of a connection: passes by every backend it has tried and
    /// every other row with the same endpoint. Costs more, but no more than the tried endpoints' paths through the trees:
    /// rows with one endpoint are neighbours within their cell, and a range is left out by looking at its two ends.
    /// </summary>
    /// <returns>
    /// Its index in the table, or <see cref="NoBackend"/>; also when the same endpoints are listed under more than
    /// <see cref="ExcludedRanges.Capacity"/> places.
    /// </returns>
    public int FindBestExcept(
        AppBackends app, ClientPlace place, int popRegion, uint random, ReadOnlySpan<int> tried)
    {
        ExcludedRanges excluded = default;
        foreach (int backend in tried)
        {
            if (!excluded.Contains(backend) && !excluded.IsFull) { ExcludeEndpoint(backend, ref excluded); }
        }

        while (true) // Each turn excludes one more range, and their number is bounded.
        {
            int best = FindBestOutside(app, place, popRegion, random, excluded);
            if (best == NoBackend || !HasEndpointOf(tried, best)) { return best; }
            if (excluded.IsFull) { return NoBackend; }
            ExcludeEndpoint(best, ref excluded);
        }
    }

    private int FindBestOutside(
        AppBackends app, ClientPlace place, int popRegion, uint random, in ExcludedRanges excluded)
    {
        double unit = random * (1.0 / (1L << 32));
        Tops tops = new(app, place, popRegion);
        Span<long> sums = stackalloc long[Score.Tiers];
        for (int tier = 0; tier < Score.Tiers; tier++)
        {
            sums[tier] = tops[tier] == NoGroup ? Entry.None : SumUpOutside(tops[tier], excluded);
        }

        int chosen = ChooseTier(sums, ref unit);
        if (chosen < 0) { return NoBackend; }
        Span<long> entries = stackalloc long[Lanes];
        for (int group = tops[chosen]; ;)
        {
            ReadOutside(group, excluded, entries);
            int lane = ChooseLane(entries, ref unit);
            if (lane < 0) { return NoBackend; }
            if (group < _firstInner) { return _firsts[group] + lane; }
            group = _children[((group - _firstInner) << LaneBits) + lane];
        }
    }

    private long SumUpOutside(int group, in ExcludedRanges excluded)
    {
        Span<long> entries = stackalloc long[Lanes];
        ReadOutside(group, excluded, entries);
        return Entry.Lowest(entries);
    }

    /// <summary>A group's entries as they would be without the excluded backends.</summary>
    private void ReadOutside(int group, in ExcludedRanges excluded, Span<long> entries)
    {
        _entries.AsSpan(group << LaneBits, Lanes).CopyTo(entries);
        for (int lane = 0; lane < Lanes; lane++)
        {
            if (Entry.IsNone(entries[lane])) { continue; }
            if (group < _firstInner)
            {
                if (excluded.Contains(_firsts[group] + lane)) { entries[lane] = Entry.None; }
                continue;
            }

            int child = _children[((group - _firstInner) << LaneBits) + lane];
            if (!excluded.Touches(_firsts[child], _ends[child])) { continue; }
            entries[lane] = excluded.Covers(_firsts[child], _ends[child]) ? Entry.None : SumUpOutside(child, excluded);
        }
    }

    private bool HasEndpointOf(ReadOnlySpan<int> tried, int backend)
    {
        foreach (int other in tried)
        {
            if (_records[other].Endpoint == _records[backend].Endpoint) { return true; }
        }

        return false;
    }

    /// <summary>Excludes all rows of a backend's cell that have its endpoint: they are neighbours.</summary>
    private void ExcludeEndpoint(int backend, ref ExcludedRanges excluded)
    {
        int cell = Array.BinarySearch(_cellFirsts, backend);
        if (cell < 0) { cell = ~cell - 1; }
        int cellEnd = cell + 1 < _cellFirsts.Length ? _cellFirsts[cell + 1] : _records.Length;
        int first = FirstAtLeast(_cellFirsts[cell], backend, _records[backend], 0);
        excluded.Add(first, FirstAtLeast(backend, cellEnd, _records[backend], 1));
    }

    /// <summary>The first of a sorted range whose endpoint compares with another's as at least <paramref name="order"/>.</summary>
    private int FirstAtLeast(int first, int end, in BackendRecord other, int order)
    {
        while (first < end)
        {
            int middle = first + ((end - first) / 2);
            if (BackendRecord.CompareEndpoints(_records[middle], other) < order) { first = middle + 1; }
            else { end = middle; }
        }

        return first;
    }
}
