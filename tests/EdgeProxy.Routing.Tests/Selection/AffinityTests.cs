using Row = EdgeProxy.Routing.Tests.TableMaker.Row;

namespace EdgeProxy.Routing.Tests;

/// <summary>Bound clients, by mode and by what happened to their backend; the explanation says the same as the pick each time.</summary>
public sealed class AffinityTests
{
    private static readonly IpAddress s_client = Address("192.0.2.7");

    private readonly TableMaker _maker = new();

    public enum Fate
    {
        None,
        Unhealthy,
        Full,
        Drained,
        Removed,
    }

    public static TheoryData<AffinityMode, Fate, string, PickOutcome, BindingState> Cases => new()
    {
        { AffinityMode.Prefer, Fate.None, "far", PickOutcome.Chosen, BindingState.Used },
        { AffinityMode.Prefer, Fate.Unhealthy, "near", PickOutcome.Chosen, BindingState.Replaced },
        { AffinityMode.Prefer, Fate.Full, "near", PickOutcome.Chosen, BindingState.Replaced },
        { AffinityMode.Prefer, Fate.Drained, "near", PickOutcome.Chosen, BindingState.Gone },
        { AffinityMode.Prefer, Fate.Removed, "near", PickOutcome.Chosen, BindingState.Gone },
        { AffinityMode.Require, Fate.None, "far", PickOutcome.Chosen, BindingState.Used },
        { AffinityMode.Require, Fate.Unhealthy, "", PickOutcome.BindingUnavailable, BindingState.Unavailable },
        { AffinityMode.Require, Fate.Full, "", PickOutcome.BindingUnavailable, BindingState.Unavailable },
        { AffinityMode.Require, Fate.Drained, "near", PickOutcome.Chosen, BindingState.Gone },
        { AffinityMode.Require, Fate.Removed, "near", PickOutcome.Chosen, BindingState.Gone },
        { AffinityMode.None, Fate.None, "near", PickOutcome.Chosen, BindingState.Off },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Pick_WhenTheClientIsBound_DoesWhatItsModeSaysAndWasExplained(
        AffinityMode mode, Fate fate, string expected, PickOutcome outcome, BindingState state)
    {
        _maker.Defaults = _maker.Defaults with { Policy = new AppPolicy { Affinity = mode } };
        Row near = new("near");
        Row far = new("far") { Region = "eu", Port = 81, Hard = 1 };
        RoutingTable table = _maker.Publish(near, far);
        Router router = _maker.NewRouter();
        int app = table.Apps[0].Id;
        router.Bindings.Bind(app, s_client, _maker.SlotOf("far"), 0);
        if (fate == Fate.Full) { Assert.True(_maker.Slots.TryReserve(_maker.SlotOf("far"), 1)); }
        table = fate switch
        {
            Fate.Unhealthy => _maker.Publish(near, far with { Healthy = false }),
            Fate.Drained => _maker.Publish(near, far with { Weight = 0 }),
            Fate.Removed => _maker.Publish(near),
            _ => table,
        };
        router.Settle();

        Explanation said = router.Explain(table, app, s_client, 0)!;
        AttemptHistory history = default;
        RoutePick pick = router.Pick(table, app, s_client, 0, 0, ref history);

        Assert.Equal(outcome, pick.Outcome);
        Assert.Equal(outcome, said.Outcome);
        Assert.Equal(state, said.Binding);
        Assert.Equal(expected, outcome == PickOutcome.Chosen ? _maker.Slots.Id(pick.Slot) : "");
        Assert.Equal(expected, said.Winner < 0 ? "" : said.Candidates[said.Winner].Id);
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.200", true)]
    [InlineData("192.0.2.7", "192.0.3.7", false)]
    [InlineData("2001:db8:1:200::1", "2001:db8:1:2ff:9::1", true)]
    [InlineData("2001:db8:1:200::1", "2001:db8:1:300::1", false)]
    public void Pick_WhenBindingsAreByPrefix_KeepsNeighboursTogether(string bound, string other, bool together)
    {
        _maker.Defaults = _maker.Defaults with { Policy = new AppPolicy { AffinityBitsV4 = 24, AffinityBitsV6 = 56 } };
        RoutingTable table = _maker.Publish(new Row("near"), new Row("far") { Region = "eu", Port = 81 });
        Router router = _maker.NewRouter();
        int app = table.Apps[0].Id;
        router.Connected(table, app, Address(bound), _maker.SlotOf("far"), 0);

        Assert.Equal(together ? "far" : "near", router.Explain(table, app, Address(other), 0)!.Candidates[0].Id);
    }

    private static IpAddress Address(string text)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address));
        return address;
    }
}
