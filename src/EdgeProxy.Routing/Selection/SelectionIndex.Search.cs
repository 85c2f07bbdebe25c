namespace EdgeProxy.Routing;

internal sealed partial class SelectionIndex
{
    /// <summary>No backend.</summary>
    public const int NoBackend = -1;

    /// <summary>
    /// The backend with the lowest score for a client; equal ones share by weight.
    /// </summary>
    /// <param name="app">The app's part of the index.</param>
    /// <param name="place">Where the client is.</param>
    /// <param name="popRegion">This POP's region.</param>
    /// <param name="random">Any 32 random bits.</param>
    /// <returns>Its index in the table, or <see cref="NoBackend"/>: nobody takes clients, or all changed
    /// meanwhile.</returns>
    public int FindBest(AppBackends app, ClientPlace place, int popRegion, uint random)
    {
        double unit = random * (1.0 / (1L << 32));
        Tops tops = new(app, place, popRegion);
        Span<long> sums = stackalloc long[Score.Tiers];
        for (int tier = 0; tier < Score.Tiers; tier++)
        {
            sums[tier] = tops[tier] == NoGroup ? Entry.None : GroupEntries.Sum(Group(tops[tier]));
        }

        int chosen = ChooseTier(sums, ref unit);
        return chosen < 0 ? NoBackend : Descend(tops[chosen], unit);
    }

    /// <summary>The tier with the lowest score, or one of those by their weights; -1 if nobody takes clients.</summary>
    private static int ChooseTier(ReadOnlySpan<long> sums, ref double unit)
    {
        double best = double.PositiveInfinity;
        double weight = 0;
        int chosen = -1;
        for (int tier = 0; tier < Score.Tiers; tier++)
        {
            if (Entry.IsNone(sums[tier])) { continue; }
            double score = Score.Of(tier, Entry.Load(sums[tier]));
            if (score > best) { continue; }
            double tie = Entry.Tie(sums[tier]);
            if (score < best)
            {
                best = score;
                weight = tie;
                chosen = tier;
                continue;
            }

            // The same score in two tiers, as 100 and 0 + 100: seldom, so one draw decides and is stretched again.
            weight += tie;
            double share = tie / weight;
            if (unit < share)
            {
                chosen = tier;
                unit /= share;
            }
            else
            {
                unit = (unit - share) / (1 - share);
            }
        }

        return chosen;
    }

    private int Descend(int group, double unit)
    {
        while (true)
        {
            int lane = GroupEntries.Choose(Group(group), ref unit);
            if (lane < 0) { return NoBackend; }
            if (group < _firstInner) { return _links[group].First + lane; }
            group = _children[((group - _firstInner) << LaneBits) + lane];
        }
    }

    /// <summary>The top groups of the four trees a client is looked up in, by tier; repeated ones left out.</summary>
    private readonly ref struct Tops
    {
        private readonly int _country;
        private readonly int _region;
        private readonly int _popRegion;
        private readonly int _all;

        public Tops(AppBackends app, ClientPlace place, int popRegion)
        {
            _country = app.CountryTop(place.Country);
            _region = app.RegionTop(place.Region);
            if (_region == _country) { _region = NoGroup; }
            int pop = app.RegionTop(popRegion);
            _popRegion = pop == _region || pop == _country ? NoGroup : pop;
            _all = app.AllTop == pop || app.AllTop == _region || app.AllTop == _country ? NoGroup : app.AllTop;
        }

        public int this[int tier] => tier switch { 0 => _country, 1 => _region, 2 => _popRegion, _ => _all };
    }
}
