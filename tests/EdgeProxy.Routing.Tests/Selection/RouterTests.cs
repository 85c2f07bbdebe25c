using Row = EdgeProxy.Routing.Tests.TableMaker.Row;

namespace EdgeProxy.Routing.Tests;

public sealed class RouterTests
{
    private static readonly IpAddress s_client = IpAddress.FromV4(0xC000_0207);

    [Fact]
    public void Pick_WhenOneBackendIsInThePopRegion_ReservesASeatOnIt()
    {
        TableMaker maker = new();
        RoutingTable table = maker.Publish(new Row("near"), new Row("far") { Region = "eu", Port = 81 });
        Router router = maker.NewRouter();
        AttemptHistory history = default;

        RoutePick pick = router.Pick(table, table.Apps[0].Id, s_client, 0, 0, ref history);

        Assert.Equal(PickOutcome.Chosen, pick.Outcome);
        Assert.Equal("near", maker.Slots.Id(pick.Slot));
        Assert.Equal(2, pick.Tier);
        Assert.Equal(1, maker.Slots.Connections(pick.Slot));
        router.Release(table, table.Apps[0].Id, s_client, pick.Slot, 0);
        Assert.Equal(0, maker.Slots.Connections(pick.Slot));
    }
}
