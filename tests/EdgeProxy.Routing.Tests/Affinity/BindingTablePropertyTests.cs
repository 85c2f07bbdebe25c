using CsCheck;

namespace EdgeProxy.Routing.Tests;

/// <summary>The binding table against a dictionary, over random calls in a small world of keys.</summary>
public sealed class BindingTablePropertyTests
{
    private const int Apps = 3;
    private static readonly uint[] s_ttls = [0, 50, 400];

    private enum Call { Find, Peek, Bind, BindAgain, Touch, Unbind, Sweep, Wait }

    private sealed record Step(Call Call, int App, int Key, int Slot, int Seconds);

    private static readonly Gen<Step> s_step = Gen.Select(
        Gen.Frequency(
            (3, Gen.Const(Call.Find)), (1, Gen.Const(Call.Peek)), (6, Gen.Const(Call.Bind)), (2, Gen.Const(Call.BindAgain)),
            (2, Gen.Const(Call.Touch)), (2, Gen.Const(Call.Unbind)), (1, Gen.Const(Call.Wait))),
        Gen.Int[0, Apps - 1], Gen.Int[0, 3_000], Gen.Int[0, 5], Gen.Int[-1, 60],
        static (call, app, key, slot, seconds) => new Step(call, app, key, slot, seconds));

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(100)]
    [InlineData(1_500)]
    [InlineData(100_000)]
    public void AnyCalls_WhenComparedWithADictionary_AgreeAndEvictLegally(int bindingsMax) =>
        Gen.Select(s_step.Array[0, 4_000], Gen.ULong).Sample(
            (steps, seed) => Run(bindingsMax, steps, seed), seed: "0000KOIPwr82", iter: 20, threads: 1);

    private static void Run(int bindingsMax, Step[] steps, ulong seed)
    {
        BindingTable table = new(bindingsMax, seed);
        BindingModel model = new(bindingsMax);
        uint now = 1_000;
        table.Sweep(now, s_ttls, 0); // Makes the lives known.
        for (int i = 0; i < steps.Length; i++)
        {
            Step step = steps[i];
            IpAddress key = KeyOf(step.Key);
            switch (step.Call)
            {
                case Call.Find:
                    Assert.Equal(model.Find(step.App, key, now, s_ttls[step.App], refreshes: true) >= 0,
                        table.TryFind(step.App, key, now, s_ttls[step.App], out int found));
                    Assert.Equal(model.Find(step.App, key, now, s_ttls[step.App], refreshes: false), found);
                    break;
                case Call.Peek:
                    table.TryPeek(step.App, key, now, s_ttls[step.App], out int peeked);
                    Assert.Equal(model.Find(step.App, key, now, s_ttls[step.App], refreshes: false), peeked);
                    break;
                case Call.Bind or Call.BindAgain:
                    Bind(table, model, step.App, key, step.Call == Call.Bind ? step.Slot : 0, now);
                    break;
                case Call.Touch:
                    table.Touch(step.App, key, step.Slot, now);
                    model.Touch(step.App, key, step.Slot, now);
                    break;
                case Call.Unbind:
                    table.Unbind(step.App, key, step.Slot);
                    model.Unbind(step.App, key, step.Slot);
                    break;
                case Call.Wait:
                    now = (uint)(now + step.Seconds); // A loop's clock may be a second behind another's.
                    if (step.Slot == 0) { Assert.Equal(model.Sweep(now, s_ttls), table.Sweep(now, s_ttls, 1)); }
                    break;
                default: throw new InvalidOperationException();
            }

            Assert.Equal(model.Count, table.Count);
            if (i % 1_000 == 0) { AssertSame(model, table); }
        }

        AssertSame(model, table);
    }

    private static void Bind(BindingTable table, BindingModel model, int app, IpAddress key, int slot, uint now)
    {
        if (!model.IsFullFor(app, key))
        {
            table.Bind(app, key, slot, now);
            model.Bind(app, key, slot, now);
            return;
        }

        long evicted = table.Evicted;
        long expired = table.Expired;
        table.Bind(app, key, slot, now);
        Binding gone = Assert.Single(model.All.Except(table.Enumerate()));
        Assert.Equal(1, table.Evicted - evicted + table.Expired - expired);
        Assert.Null(model.Evict(gone, now, s_ttls, countedAsExpired: table.Expired > expired));
        model.Bind(app, key, slot, now);
    }

    private static void AssertSame(BindingModel model, BindingTable table)
    {
        List<Binding> all = [.. table.Enumerate()];
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(model.All.ToHashSet(), all.ToHashSet());
    }

    private static IpAddress KeyOf(int number) => (number % 3) switch
    {
        0 => IpAddress.FromV4((uint)number),
        1 => new IpAddress(0x2001_0DB8_0000_0000 + (ulong)number, 0),
        _ => new IpAddress(0x2001_0DB8_0000_0000, (ulong)number),
    };
}
