using Row = EdgeProxy.Routing.Tests.TableMaker.Row;

namespace EdgeProxy.Routing.Tests;

/// <summary>A bad row harms only itself, from commit to commit, and connections go on being counted where they are.</summary>
public sealed class RowIsolationTests
{
    private static readonly Row s_good = new("a") { Ip = "10.0.0.1", Weight = 3 };
    private static readonly Row s_bad = s_good with { Port = 99_999 };
    private static readonly Row s_other = new("b") { Ip = "10.0.0.2" };

    private readonly TableMaker _maker = new();

    [Fact]
    public void Publish_WhenARowGoesFromBadToGoodToBad_HasItsLastGoodVersionEachTime()
    {
        _maker.Publish(s_bad, s_other);
        Assert.Equal("b", string.Join(" ", Ids()));
        _maker.Publish(s_good, s_other);
        Assert.Equal("10.0.0.1:80", EndpointOf("a"));
        _maker.Publish(s_bad with { Weight = 9 }, s_other with { Ip = "10.0.0.3" });
        Assert.Equal("10.0.0.1:80", EndpointOf("a"));
        Assert.Equal(3, WeightOf("a"));
        Assert.Equal("10.0.0.3:80", EndpointOf("b")); // The rest of the commit applies.
        _maker.Publish(s_bad, s_other); // Bad twice in a row: what is kept can be kept again.
        Assert.Equal(3, WeightOf("a"));
        RowProblem problem = Assert.Single(_maker.Problems);
        Assert.Equal("backends a port 99999", $"{problem.Table} {problem.Row} {problem.Column} {problem.Value}");
        Assert.NotEmpty(problem.Cure);
        _maker.Publish(s_good with { Weight = 9 }, s_other);
        Assert.Equal(9, WeightOf("a"));
        Assert.Empty(_maker.Problems);
    }

    [Fact]
    public void Publish_WhenABadRowIsRemovedAndPutBackBad_LeavesItOut()
    {
        _maker.Publish(s_good, s_other);
        _maker.Publish(s_bad, s_other);
        _maker.Publish(s_other);
        _maker.Publish(s_bad, s_other);

        Assert.Equal("b", string.Join(" ", Ids()));
    }

    [Fact]
    public void Seats_WhenABackendIsRenumberedRemovedAndPutBack_StayWithItsId()
    {
        RoutingTable table = _maker.Publish(s_good);
        Router router = _maker.NewRouter();
        AttemptHistory history = default;
        int slot = router.Pick(table, table.Apps[0].Id, default, 0, 0, ref history).Slot;

        table = _maker.Publish(s_good with { Ip = "10.9.9.9", Port = 81, Region = "eu", Hard = 1 });
        router.Settle();
        Assert.Equal(1, _maker.Slots.Connections(_maker.SlotOf("a")));
        history = default;
        Assert.Equal(PickOutcome.BackendsFull, router.Pick(table, table.Apps[0].Id, default, 0, 0, ref history).Outcome);

        _maker.Publish(s_other);
        router.Settle();
        Assert.Equal(1, _maker.Slots.Connections(_maker.SlotOf("a")));
        table = _maker.Publish(s_good with { Hard = 2 }, s_other with { Healthy = false });
        router.Settle();
        history = default;
        Assert.Equal(slot, router.Pick(table, table.Apps[0].Id, default, 0, 0, ref history).Slot);
        Assert.Equal(2, _maker.Slots.Connections(slot));
        router.Release(table, table.Apps[0].Id, default, slot, 0);
        router.Release(table, table.Apps[0].Id, default, slot, 0);
        Assert.Equal(0, _maker.Slots.Connections(slot));
    }

    [Fact]
    public void Backends_WhenTheirAppIsRenamed_AreLeftOutUntilTheirRowsFollow()
    {
        PublishApps(["web"], s_good with { App = "web" });
        Assert.Equal("a", string.Join(" ", Ids()));
        PublishApps(["shop"], s_good with { App = "web" });
        Assert.Empty(Ids());
        Assert.Equal("app", Assert.Single(_maker.Problems).Column);
        PublishApps(["shop"], s_good with { App = "shop" });
        Assert.Equal("a", string.Join(" ", Ids()));
        Assert.Empty(_maker.Problems);
    }

    [Fact]
    public void Backend_WhenItsRegionChanges_IsScoredByTheNewOne()
    {
        _maker.Publish(s_good with { Region = "eu" });
        Assert.Equal(3, TierOf("a"));
        _maker.Publish(s_good with { Region = "sa" });
        Assert.Equal(2, TierOf("a"));
        _maker.Publish(s_good with { Region = "sa", Country = "XQ" }); // No such country.
        Assert.Equal(2, TierOf("a"));
        Assert.Equal("country", Assert.Single(_maker.Problems).Column);
    }

    private void PublishApps(string[] apps, params Row[] rows)
    {
        RoutingTableBuilder builder = _maker.NewBuilder();
        foreach (string app in apps) { builder.AddApp(new AppRow { Name = app, Listen = "127.0.0.1:9000" }); }
        foreach (Row row in rows) { row.AddTo(builder); }
        _maker.Publish(builder);
    }

    private int TierOf(string id) => _maker.NewRouter().Explain(_maker.Current, _maker.Current.Apps[0].Id, default, 0)!
        .Candidates.Single(c => c.Id == id).Tier;

    private string[] Ids() =>
        [.. Enumerable.Range(0, _maker.Current.BackendCount).Select(i => _maker.Slots.Id(_maker.Current.Backend(i).Slot)).Order(StringComparer.Ordinal)];

    private string EndpointOf(string id) => Find(id).Endpoint.ToString();

    private int WeightOf(string id) => Find(id).Weight;

    private BackendInfo Find(string id) => _maker.Current.Backend(_maker.Current.IndexOfSlot(_maker.SlotOf(id)));
}
