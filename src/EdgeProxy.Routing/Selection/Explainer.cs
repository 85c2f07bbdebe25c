namespace EdgeProxy.Routing;

/// <summary>
/// Works out an <see cref="Explanation"/>: the slow, complete twin of a pick, with the same scoring functions.
/// </summary>
internal sealed class Explainer(RoutingTable table, App app, BackendSlots slots, ClientPlace place)
{
    /// <summary>A candidate before it has texts: all of an app's are scored, only the listed ones get an id.</summary>
    private sealed class Scored
    {
        /// <summary>In the table.</summary>
        public required int Index { get; init; }

        public required int Tier { get; init; }

        public required double Load { get; init; }

        public required int Connections { get; init; }

        public required Exclusion Exclusion { get; init; }

        /// <summary>What the index would keep of it.</summary>
        public required long Entry { get; init; }

        /// <summary>Of the next clients like this one.</summary>
        public double Share { get; set; }

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
        double bestWeight = 0;
        HashSet<int> bestIndexes = [];
        foreach (Scored s in best)
        {
            bestWeight += table.Records[s.Index].Weight;
            bestIndexes.Add(s.Index);
        }

        PickOutcome outcome = binding switch
        {
            BindingState.Used => PickOutcome.Chosen,
            BindingState.Unavailable => PickOutcome.BindingUnavailable,
            _ => OutcomeOf(scored, best.Count),
        };
        double ShareOf(Scored s) => outcome != PickOutcome.Chosen ? 0
            : binding == BindingState.Used ? (s.Index == bound ? 1 : 0)
            : bestIndexes.Contains(s.Index) ? table.Records[s.Index].Weight / bestWeight : 0;
        foreach (Scored s in scored) { s.Share = ShareOf(s); }
        scored.Sort(CompareForList);
        Candidate[] candidates = new Candidate[Math.Min(scored.Count, Math.Max(1, candidatesMax))];
        for (int i = 0; i < candidates.Length; i++) { candidates[i] = Describe(scored[i]); }
        return new Explanation
        {
            TableVersion = table.Version,
            App = app.Name,
            Client = client,
            Place = place,
            Region = table.Regions.Name(place.Region),
            PopRegion = table.Regions.Name(table.PopRegion),
            Outcome = outcome,
            Binding = binding,
            BoundId = bound < 0 ? "" : slots.Id(table.Records[bound].Slot),
            Winner = outcome == PickOutcome.Chosen ? 0 : -1,
            Candidates = candidates,
            CandidatesTotal = scored.Count,
        };
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
            scored.Add(new Scored
            {
                Index = i,
                Tier = tier,
                Load = load,
                Connections = connections,
                Exclusion = exclusion,
                Entry = Entry.Of(load, record.Weight),
            });
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

    /// <summary>The likeliest first; equals stay in the order of the table.</summary>
    private static int CompareForList(Scored left, Scored right)
    {
        int order = (left.Share == 0).CompareTo(right.Share == 0);
        if (order == 0) { order = right.Takes.CompareTo(left.Takes); }
        if (order == 0) { order = left.Score.CompareTo(right.Score); }
        if (order == 0) { order = right.Share.CompareTo(left.Share); }
        return order != 0 ? order : left.Index.CompareTo(right.Index);
    }

    private Candidate Describe(Scored scored)
    {
        BackendInfo backend = table.Backend(scored.Index);
        return new Candidate
        {
            Id = slots.Id(backend.Slot),
            Backend = backend,
            Region = table.Regions.Name(backend.Region),
            Tier = scored.Tier,
            Connections = scored.Connections,
            Load = scored.Load,
            Score = scored.Score,
            Exclusion = scored.Exclusion,
            Share = scored.Share,
        };
    }
}
