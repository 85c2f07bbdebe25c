using System.Globalization;
using Row = EdgeProxy.Routing.Tests.TableMaker.Row;

namespace EdgeProxy.Routing.Tests;

/// <summary>Slots of backends that are gone: kept for their return, taken back when there are too many, never under a seat.</summary>
public sealed class ReclaimTests
{
    private const int GoneKept = 8;

    private readonly TableMaker _maker = new(new BackendSlots(GoneKept));

    [Fact]
    public void Settle_WhenFewBackendsAreGone_KeepsTheirTotals()
    {
        _maker.Publish(Rows(0, 4));
        int slot = _maker.SlotOf("b1");
        _maker.Slots.CountConnect(slot, 1_000);
        Replace(Rows(4, 4));
        Replace(Rows(0, 4));

        Assert.Equal(slot, _maker.SlotOf("b1"));
        Assert.Equal(1, _maker.Slots.Totals(slot).Connections);
    }

    [Fact]
    public void Settle_WhenManyAreGone_GivesTheirSlotsToOthers()
    {
        _maker.Publish(Rows(0, 10));
        for (int generation = 1; generation < 2_000; generation++) { Replace(Rows(generation * 10, 10)); }

        Assert.True(_maker.Slots.Count <= 10 + GoneKept + 10, $"{_maker.Slots.Count} slots for 10 backends");
        Assert.Equal(-1, _maker.SlotOf("b0"));
        Assert.Equal("b19990", _maker.Slots.Id(_maker.SlotOf("b19990")));
    }

    [Fact]
    public void Settle_WhenAGoneBackendStillCarriesAConnection_LeavesItsSlotAloneUntilItEnds()
    {
        RoutingTable first = _maker.Publish(Rows(0, 1));
        Router router = _maker.NewRouter();
        AttemptHistory history = default;
        RoutePick pick = router.Pick(first, first.Apps[0].Id, default, 0, 0, ref history);
        for (int generation = 1; generation < 20; generation++) { Replace(Rows(generation * 10, 10)); }

        Assert.Equal("b0", _maker.Slots.Id(pick.Slot));
        Assert.Equal(1, _maker.Slots.Connections(pick.Slot));
        router.Release(_maker.Current, _maker.Current.Apps[0].Id, default, pick.Slot, 0);
        for (int generation = 20; generation < 40; generation++) { Replace(Rows(generation * 10, 10)); }
        Assert.Equal("", _maker.Slots.Id(pick.Slot));
    }

    [Fact]
    public void Pick_WhenTheTableAtHandIsOlderThanTheSlotsOwner_TakesNoSeatOfTheNewOwner()
    {
        RoutingTable old = _maker.Publish(Rows(0, 1));
        Router router = _maker.NewRouter();
        for (int generation = 1; generation < 20; generation++) { Replace(Rows(generation * 10, 10)); }
        AttemptHistory history = default;

        RoutePick pick = router.Pick(old, old.Apps[0].Id, default, 0, 0, ref history);

        Assert.NotEqual(PickOutcome.Chosen, pick.Outcome);
        foreach (int index in Enumerable.Range(0, 10)) { Assert.Equal(0, Connections($"b{190 + index}")); }
    }

    [Fact]
    public void Settle_WhenEveryOwnHistogramIsTaken_GivesThoseOfGoneBackendsToNewOnes()
    {
        _maker.Publish(Rows(0, BackendSlots.OwnLatencyMax));
        Assert.NotNull(_maker.Slots.OwnLatency(_maker.SlotOf("b7")));
        Replace(Rows(2_000, 3));
        Replace(Rows(2_000, 4)); // The first build after the settling that found some to give.

        Assert.NotNull(_maker.Slots.OwnLatency(_maker.SlotOf("b2003")));
        Assert.Equal(0, _maker.Slots.OwnLatency(_maker.SlotOf("b2003"))!.SumNs);
    }

    /// <summary>Backends come, go and return at random; connections come and end; every count is what a dictionary says.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Counts_WhenBackendsComeAndGo_AreThoseOfTheNaiveModel(int seed)
    {
        const int Ids = 60;
        Random random = new(seed);
        Dictionary<string, int> seats = [];
        List<(string Id, int Slot)> held = [];
        _maker.Publish(Rows(0, 5));
        Router router = _maker.NewRouter();
        for (int step = 0; step < 3_000; step++)
        {
            switch (random.Next(4))
            {
                case 0:
                    Replace([.. Enumerable.Range(0, Ids).Where(_ => random.Next(6) == 0).Select(i => NewRow(i, random.Next(1, 200)))]);
                    break;
                case 1 when held.Count > 0:
                    int at = random.Next(held.Count);
                    router.Release(_maker.Current, _maker.Current.Apps[0].Id, default, held[at].Slot, 0);
                    seats[held[at].Id]--;
                    held.RemoveAt(at);
                    break;
                default:
                    AttemptHistory history = default;
                    RoutePick pick = router.Pick(
                        _maker.Current, _maker.Current.Apps[0].Id, default, 0, (uint)random.NextInt64(1L << 32), ref history);
                    if (pick.Outcome != PickOutcome.Chosen) { break; }
                    string id = _maker.Slots.Id(pick.Slot);
                    seats[id] = seats.GetValueOrDefault(id) + 1;
                    held.Add((id, pick.Slot));
                    break;
            }

            foreach ((string id, int count) in seats)
            {
                if (count > 0 || _maker.SlotOf(id) >= 0) { Assert.Equal(count, Connections(id)); }
            }
        }

        long[] live = [.. _maker.Current.Selection.Entries];
        _maker.Current.Selection.SettleAll();
        Assert.Equal(_maker.Current.Selection.Entries, live);
    }

    private int Connections(string id) => _maker.Slots.Connections(_maker.SlotOf(id));

    private void Replace(Row[] rows)
    {
        _maker.Publish(rows);
        _maker.NewRouter().Settle();
    }

    private static Row[] Rows(int first, int count) => [.. Enumerable.Range(first, count).Select(static i => NewRow(i, 80))];

    private static Row NewRow(int number, int port) => new(string.Create(CultureInfo.InvariantCulture, $"b{number}"))
    {
        Ip = $"10.0.{number / 250 % 250}.{1 + (number % 250)}",
        Port = port,
    };
}
