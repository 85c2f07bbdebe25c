namespace EdgeProxy.Routing;

internal sealed partial class SelectionIndex
{
    /// <summary>
    /// As <see cref="FindBest"/>, for the further attempts of a connection: passes by every backend it has tried and
    /// every other row with the same endpoint, and by the whole host (its address, whatever the port) that was tried
    /// last unless no other is left. Costs more, but no more than the excluded rows' paths through the trees: rows of
    /// one host are neighbours within their cell, and a range is left out by looking at its two ends.
    /// </summary>
    /// <returns>
    /// Its index in the table, or <see cref="NoBackend"/>; also when the same endpoints are listed under more than
    /// <see cref="ExcludedRanges.Capacity"/> places.
    /// </returns>
    public int FindBestExcept(
        AppBackends app, ClientPlace place, int popRegion, uint random, ReadOnlySpan<int> tried)
    {
        ReadOnlySpan<int> failed = tried[Math.Max(0, tried.Length - 1)..];
        int elsewhere = FindBestExcept(app, place, popRegion, random, tried, hosts: failed);
        return elsewhere != NoBackend ? elsewhere : FindBestExcept(app, place, popRegion, random, tried, hosts: []);
    }

    private int FindBestExcept(
        AppBackends app,
        ClientPlace place,
        int popRegion,
        uint random,
        ReadOnlySpan<int> tried,
        ReadOnlySpan<int> hosts)
    {
        ExcludedRanges excluded = default;
        foreach (int backend in hosts) { Exclude(backend, wholeHost: true, ref excluded); }
        foreach (int backend in tried)
        {
            if (!excluded.Contains(backend) && !excluded.IsFull) { Exclude(backend, wholeHost: false, ref excluded); }
        }

        while (true) // Each turn excludes one more range, and their number is bounded.
        {
            int best = FindBestOutside(app, place, popRegion, random, excluded);
            if (best == NoBackend) { return NoBackend; }
            bool wholeHost = IsOneOf(hosts, best, wholeHost: true);
            if (!wholeHost && !IsOneOf(tried, best, wholeHost: false)) { return best; }
            if (excluded.IsFull) { return NoBackend; }
            Exclude(best, wholeHost, ref excluded);
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
            int lane = GroupEntries.Choose(entries, ref unit);
            if (lane < 0) { return NoBackend; }
            if (group < _firstInner) { return _links[group].First + lane; }
            group = _children[((group - _firstInner) << LaneBits) + lane];
        }
    }

    private long SumUpOutside(int group, in ExcludedRanges excluded)
    {
        Span<long> entries = stackalloc long[Lanes];
        ReadOutside(group, excluded, entries);
        return GroupEntries.Sum(entries);
    }

    /// <summary>A group's entries as they would be without the excluded backends.</summary>
    private void ReadOutside(int group, in ExcludedRanges excluded, Span<long> entries)
    {
        Group(group).CopyTo(entries);
        for (int lane = 0; lane < Lanes; lane++)
        {
            if (Entry.IsNone(entries[lane])) { continue; }
            if (group < _firstInner)
            {
                if (excluded.Contains(_links[group].First + lane)) { entries[lane] = Entry.None; }
                continue;
            }

            int child = _children[((group - _firstInner) << LaneBits) + lane];
            ref readonly GroupLinks links = ref _links[child];
            if (!excluded.Touches(links.First, links.End)) { continue; }
            entries[lane] = excluded.Covers(links.First, links.End) ? Entry.None : SumUpOutside(child, excluded);
        }
    }

    private bool IsOneOf(ReadOnlySpan<int> others, int backend, bool wholeHost)
    {
        foreach (int other in others)
        {
            if (Compare(_records[other], _records[backend], wholeHost) == 0) { return true; }
        }

        return false;
    }

    /// <summary>
    /// Excludes all rows of a backend's cell that have its endpoint, or its address: they are neighbours.
    /// </summary>
    private void Exclude(int backend, bool wholeHost, ref ExcludedRanges excluded)
    {
        int cell = Array.BinarySearch(_cellFirsts, backend);
        if (cell < 0) { cell = ~cell - 1; }
        int cellEnd = cell + 1 < _cellFirsts.Length ? _cellFirsts[cell + 1] : _records.Length;
        int first = FirstAtLeast(_cellFirsts[cell], backend, _records[backend], 0, wholeHost);
        excluded.Add(first, FirstAtLeast(backend, cellEnd, _records[backend], 1, wholeHost));
    }

    /// <summary>The first of a sorted range that compares with another as at least <paramref name="order"/>.</summary>
    private int FirstAtLeast(int first, int end, in BackendRecord other, int order, bool wholeHost)
    {
        while (first < end)
        {
            int middle = first + ((end - first) / 2);
            if (Compare(_records[middle], other, wholeHost) < order) { first = middle + 1; }
            else { end = middle; }
        }

        return first;
    }

    private static int Compare(in BackendRecord left, in BackendRecord right, bool wholeHost) =>
        wholeHost ? left.Address.CompareTo(right.Address) : BackendRecord.CompareEndpoints(left, right);
}
