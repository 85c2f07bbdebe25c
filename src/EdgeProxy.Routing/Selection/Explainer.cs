namespace EdgeProxy.Routing;

/// <summary>
/// Works out an <see cref="Explanation"/>: the slow, complete twin of a pick, with the same scoring functions.
/// </summary>
internal sealed class Explainer(RoutingTable table, App app, BackendSlots slots, ClientPlace place)
{
    /// <summary>A candidate before it has texts: all of an app's are scored, only the listed ones get an id.</summary>
    private readonly record struct Scored(int Index, int Tier, double Load, int Connections, Exclusion Exclusion, long Entry)
    {
        public double Score => Routing.Score.Of(Tier, Load);

        public bool Takes => Exclusion == Exclusion.None;

        /// <summary>The score as the index keeps it, which is what decides which backends are equals.</summary>
        public double KeptScore => Routing.Score.Of(Tier, Routing.Entry.Load(Entry));
    }

    /// <param name="client">The client asked about.</param>
    /// <param name="binding">What its binding says.</param>
    /// <param name="bound">The bound backend's index in the table, or -1.</param>
    /// <param name="candidatesMax">Most candidates to list; the winner is always among them.</param>
    public Explanation Explain(in IpAddress client, BindingState binding, int bound, int candidatesMax)
    {
        List<Scored> scored = ScoreAll();
        List<Scored> best = BestOf(scored);
        double bestWeight = best.Sum(s => (double)table.Records[s.Index].Weight);
        HashSet<int> bestIndexes = [.. best.Select(static s => s.Index)];
        PickOutcome outcome = binding switch
        {
            BindingState.Used => PickOutcome.Chosen,
            BindingState.Unavailable => PickOutcome.BindingUnavailable,
            _ => OutcomeOf(scored, best.Count),
        };
        double ShareOf(Scored s) => outcome != PickOutcome.Chosen ? 0
            : binding == BindingState.Used ? (s.Index == bound ? 1 : 0)
            : bestIndexes.Contains(s.Index) ? table.Records[s.Index].Weight / bestWeight : 0;
        Candidate[] candidates =
        [
            .. scored.Select(s => (Scored: s, Share: ShareOf(s))).OrderBy(static c => c.Share == 0)
                .ThenBy(static c => !c.Scored.Takes).ThenBy(static c => c.Scored.Score).ThenByDescending(static c => c.Share)
                .Take(Math.Max(1, candidatesMax)).Select(c => Describe(c.Scored, c.Share)),
        ];
        return new Explanation(
            table.Version, app.Name, client, place, table.Regions.Name(place.Region), table.Regions.Name(table.PopRegion),
            outcome, binding, bound < 0 ? "" : slots.Id(table.Records[bound].Slot),
            outcome == PickOutcome.Chosen ? 0 : -1, candidates, scored.Count);
    }

    /// <summary>
    /// Those one of which a pick takes: the equals with the lowest load in each tier, of the tiers that score lowest.
    /// </summary>
    private static List<Scored> BestOf(List<Scored> scored)
    {
        Span<long> lowest = stackalloc long[Score.Tiers];
        lowest.Fill(Entry.None);
        foreach (Scored s in scored)
        {
            if (s.Takes && Entry.Key(s.Entry) < Entry.Key(lowest[s.Tier])) { lowest[s.Tier] = s.Entry; }
        }

        double best = double.PositiveInfinity;
        for (int tier = 0; tier < Score.Tiers; tier++)
        {
            if (!Entry.IsNone(lowest[tier])) { best = Math.Min(best, Score.Of(tier, Entry.Load(lowest[tier]))); }
        }

        List<Scored> equals = [];
        foreach (Scored s in scored)
        {
            if (s.Takes && Entry.Key(s.Entry) == Entry.Key(lowest[s.Tier]) && s.KeptScore == best) { equals.Add(s); }
        }

        return equals;
    }

    private List<Scored> ScoreAll()
    {
        List<Scored> scored = [];
        for (int i = app.Backends.First; i < app.Backends.End; i++)
        {
            ref readonly BackendRecord record = ref table.Records[i];
            int connections = slots.Connections(record.Slot);
            double load = record.Weight == 0 ? 0 : Score.Load(connections, record.SoftLimit, record.Weight);
            int tier = Score.Tier(place, record.Country, record.Region, table.PopRegion);
            Exclusion exclusion = !record.Healthy ? Exclusion.Unhealthy
                : record.Weight == 0 ? Exclusion.Draining
                : record.HasRoom(connections) ? Exclusion.None
                : Exclusion.Full;
            scored.Add(new Scored(i, tier, load, connections, exclusion, Entry.Of(load, record.Weight)));
        }

        return scored;
    }

    private static PickOutcome OutcomeOf(List<Scored> scored, int takers)
    {
        if (takers > 0) { return PickOutcome.Chosen; }
        if (scored.Count == 0) { return PickOutcome.NoBackend; }
        return scored.Exists(static s => s.Exclusion == Exclusion.Full)
            ? PickOutcome.BackendsFull
            : PickOutcome.NoHealthyBackend;
    }

    private Candidate Describe(Scored scored, double share)
    {
        BackendInfo backend = table.Backend(scored.Index);
        return new Candidate(
            slots.Id(backend.Slot), backend, table.Regions.Name(backend.Region), scored.Tier, scored.Connections,
            scored.Load, scored.Score, scored.Exclusion, share);
    }
}
