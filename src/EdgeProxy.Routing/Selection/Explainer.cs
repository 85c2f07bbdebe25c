namespace EdgeProxy.Routing;

/// <summary>Works out an <see cref="Explanation"/>: the slow, complete twin of a pick, with the same scoring functions.</summary>
internal sealed class Explainer(RoutingTable table, App app, BackendSlots slots, ClientPlace place)
{
    /// <summary>A candidate before it has texts: all of an app's are scored, only the listed ones get an id.</summary>
    private readonly record struct Scored(int Index, double Score, int Connections, Exclusion Exclusion);

    /// <param name="client">The client asked about.</param>
    /// <param name="binding">What its binding says.</param>
    /// <param name="bound">The bound backend's index in the table, or -1.</param>
    /// <param name="candidatesMax">Most candidates to list; the winner is always among them.</param>
    public Explanation Explain(in IpAddress client, BindingState binding, int bound, int candidatesMax)
    {
        List<Scored> scored = ScoreAll();
        List<Scored> takers = scored.FindAll(static s => s.Exclusion == Exclusion.None);
        double best = takers.Count == 0 ? double.PositiveInfinity : takers.Min(static s => s.Score);
        double tiedWeight = takers.Where(s => s.Score == best).Sum(s => (double)table.Records[s.Index].Weight);
        PickOutcome outcome = binding switch
        {
            BindingState.Used => PickOutcome.Chosen,
            BindingState.Unavailable => PickOutcome.BindingUnavailable,
            _ => OutcomeOf(scored, takers.Count),
        };
        double ShareOf(Scored s) => outcome != PickOutcome.Chosen ? 0
            : binding == BindingState.Used ? (s.Index == bound ? 1 : 0)
            : s.Exclusion == Exclusion.None && s.Score == best ? table.Records[s.Index].Weight / tiedWeight : 0;
        Candidate[] candidates =
        [
            .. scored.OrderBy(s => s.Index == bound && binding == BindingState.Used ? 0 : 1)
                .ThenBy(static s => s.Exclusion != Exclusion.None).ThenBy(static s => s.Score).ThenBy(s => -ShareOf(s))
                .Take(Math.Max(1, candidatesMax)).Select(s => Describe(s, ShareOf(s))),
        ];
        return new Explanation(
            table.Version, app.Name, client, place, table.Regions.Name(place.Region), table.Regions.Name(table.PopRegion),
            outcome, binding, bound < 0 ? "" : slots.Id(table.Records[bound].Slot),
            outcome == PickOutcome.Chosen ? 0 : -1, candidates, scored.Count);
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
            scored.Add(new Scored(i, Score.Of(tier, load), connections, exclusion));
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
        int tier = Score.Tier(place, backend.Country, backend.Region, table.PopRegion);
        return new Candidate(
            slots.Id(backend.Slot), backend, table.Regions.Name(backend.Region), tier, scored.Connections,
            scored.Score - Score.Of(tier, 0), scored.Score, scored.Exclusion, share);
    }
}
