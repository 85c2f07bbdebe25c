using Row = EdgeProxy.Routing.Tests.TableMaker.Row;

namespace EdgeProxy.Routing.Tests;

/// <summary>The router against the naive model, over random tables, loads, clients and failures.</summary>
public sealed class SelectionPropertyTests
{
    private const int Apps = 3;

    private sealed record Held(string App, IpAddress Client, int Slot, string Id);

    public static TheoryData<int, int, int> Worlds => new()
    {
        // Seeds, rows, endpoints.
        { 400, 6, 40 },
        { 200, 40, 10 },
        { 60, 400, 150 },
        { 10, 5_000, 20_000 },
    };

    [Theory, MemberData(nameof(Worlds))]
    public void Pick_WhenAnythingHappens_AlwaysChoosesFromTheNaiveBest(int seeds, int rowsMax, int endpoints)
    {
        for (int seed = 0; seed < seeds; seed++)
        {
            World world = new(seed, rowsMax, endpoints);
            for (int step = 0; step < 200; step++) { world.Step(); }
            world.AssertIndexIsFresh();
        }
    }

    private sealed class World
    {
        private readonly RandomTables _tables;
        private readonly TableMaker _maker = new();
        private readonly List<Row> _rows = [];
        private readonly Dictionary<string, Row> _rowById;
        private readonly NaiveModel _model;
        private readonly Router _router;
        private readonly List<Held> _held = [];
        private readonly string _where;

        public World(int seed, int rowsMax, int endpoints)
        {
            _where = $"seed {seed}, {rowsMax} rows";
            _tables = new RandomTables(seed);
            int count = _tables.Random.Next(rowsMax / 2, rowsMax + 1);
            for (int i = 0; i < count; i++) { _rows.Add(_tables.NextRow(i, Apps, endpoints)); }
            _rowById = _rows.ToDictionary(static r => r.Id, StringComparer.Ordinal);
            _maker.Defaults = _maker.Defaults with { Policy = new AppPolicy { Affinity = AffinityMode.None } };
            RandomTables.Publish(_maker, _rows, Apps);
            Assert.Empty(_maker.Problems);
            _router = _maker.NewRouter();
            _model = new NaiveModel(_rows, "sa");
        }

        public void Step()
        {
            if (_held.Count > 0 && _tables.Random.Next(3) == 0) { ReleaseOne(); }
            else { ConnectOne(); }
        }

        public void AssertIndexIsFresh()
        {
            long[] live = [.. _maker.Current.Selection.Entries];
            _maker.Current.Selection.SettleAll();
            Assert.Equal(_maker.Current.Selection.Entries, live);
            foreach (Row row in _rows) { Assert.Equal(_model[row.Id], _maker.Slots.Connections(_maker.SlotOf(row.Id))); }
        }

        private void ReleaseOne()
        {
            int at = _tables.Random.Next(_held.Count);
            Held held = _held[at];
            _held.RemoveAt(at);
            _model[held.Id]--;
            _router.Release(_maker.Current, AppId(held.App), held.Client, held.Slot, 0);
        }

        private void ConnectOne()
        {
            (IpAddress client, string country, string region) = _tables.NextClient();
            string app = $"app{_tables.Random.Next(Apps)}";
            int failures = _tables.Random.Next(4) == 0 ? _tables.Random.Next(1, AttemptHistory.Capacity) : 0;
            AttemptHistory history = default;
            List<Row> tried = [];
            for (int attempt = 0; attempt <= failures; attempt++)
            {
                List<string> best = _model.BestOf(app, country, region, tried);
                if (attempt == 0) { AssertExplained(app, client, best); }
                uint random = (uint)_tables.Random.NextInt64(1L << 32);
                RoutePick pick = _router.Pick(_maker.Current, AppId(app), client, 0, random, ref history);
                Assert.True(pick.Outcome == PickOutcome.Chosen == best.Count > 0, _where);
                if (pick.Outcome != PickOutcome.Chosen) { return; }
                string id = _maker.Slots.Id(pick.Slot);
                Assert.True(best.Contains(id), $"{_where}: {id} is not among {string.Join(' ', best)}");
                Assert.Equal(_rowById[id].Ip, pick.Endpoint.Address.ToString());
                _model[id]++;
                if (attempt == failures)
                {
                    _held.Add(new Held(app, client, pick.Slot, id));
                    return;
                }

                _router.ConnectFailed(_maker.Current, AppId(app), client, pick.Slot);
                _model[id]--;
                tried.Add(_rowById[id]);
            }
        }

        /// <summary>The explanation gives a chance to exactly those the model calls best, and the reason to each it excludes.</summary>
        private void AssertExplained(string app, IpAddress client, List<string> best)
        {
            Explanation said = _router.Explain(_maker.Current, AppId(app), client, 0, int.MaxValue)!;
            Assert.Equal(best.Order(StringComparer.Ordinal), said.Candidates.Where(static c => c.Share > 0).Select(static c => c.Id).Order(StringComparer.Ordinal));
            Assert.Equal(best.Count > 0, said.Outcome == PickOutcome.Chosen);
            Assert.Equal(best.Count > 0 ? 1 : 0, said.Candidates.Sum(static c => c.Share), 9);
            Assert.Equal(best.Count > 0 ? 0 : -1, said.Winner);
            foreach (Candidate candidate in said.Candidates)
            {
                Row row = _rowById[candidate.Id];
                Exclusion wanted = !row.Healthy ? Exclusion.Unhealthy
                    : row.Weight == 0 ? Exclusion.Draining
                    : row.Hard > 0 && _model[row.Id] >= row.Hard ? Exclusion.Full
                    : Exclusion.None;
                Assert.Equal(wanted, candidate.Exclusion);
            }
        }

        private int AppId(string name) => _maker.Current.AppByName(name)!.Id;
    }
}
