namespace EdgeProxy.Routing.Tests;

public sealed class BindingTableTests
{
    private static readonly IpAddress s_client = IpAddress.FromV4(0xC000_0207);

    [Fact]
    public void TryFind_WhenAnotherLoopsClockIsAhead_StillFindsTheBinding()
    {
        BindingTable table = new(100, 1);
        table.Bind(0, s_client, 7, nowSeconds: 101);

        Assert.True(table.TryFind(0, s_client, nowSeconds: 100, ttlSeconds: 10, out int slot));
        Assert.Equal(7, slot);
        Assert.False(table.TryFind(0, s_client, nowSeconds: 111, ttlSeconds: 10, out _)); // Not made older by the look.
    }

    [Fact]
    public void TryFind_WhenTheClockWraps_CountsOn()
    {
        BindingTable table = new(100, 1);
        table.Bind(0, s_client, 7, uint.MaxValue - 1);

        Assert.True(table.TryPeek(0, s_client, 7, ttlSeconds: 10, out _));
        Assert.False(table.TryPeek(0, s_client, 8, ttlSeconds: 10, out _));
    }

    [Fact]
    public void TryPeek_WhenCalled_LeavesTheLifeAsItIs()
    {
        BindingTable table = new(100, 1);
        table.Bind(0, s_client, 7, 100);

        Assert.True(table.TryPeek(0, s_client, 109, 10, out _));
        Assert.False(table.TryPeek(0, s_client, 110, 10, out int slot));
        Assert.Equal(-1, slot);
    }

    [Fact]
    public void Sweep_WhenGivenAShare_ComesRoundInAsManyCalls()
    {
        BindingTable table = new(10_000, 1);
        for (uint i = 0; i < 5_000; i++) { table.Bind(0, IpAddress.FromV4(i), 1, 100); }
        uint[] ttls = [10];

        int first = table.Sweep(110, ttls, share: 0.1);
        Assert.InRange(first, 150, 850);
        for (int call = 0; call < 9; call++) { table.Sweep(110, ttls, share: 0.1); }

        Assert.Equal(0, table.Count);
        Assert.Equal(5_000, table.Expired);
    }

    [Fact]
    public void Sweep_WhenAnAppIsGone_DropsItsBindingsOnly()
    {
        BindingTable table = new(100, 1);
        table.Bind(0, s_client, 1, 100);
        table.Bind(5, s_client, 2, 100);

        Assert.Equal(1, table.Sweep(100, [0], share: 1));

        Assert.Equal(0, Assert.Single(table.Enumerate()).App);
    }

    [Fact]
    public void Bind_WhenFullAndSomeAreExpired_TakesTheirPlacesFirst()
    {
        BindingTable table = new(1_000, 1);
        for (uint i = 0; i < 1_000; i++) { table.Bind((int)(i % 2), IpAddress.FromV4(i), 1, i % 2 == 0 ? 100u : 50u); }
        table.Sweep(0, [10, 0], share: 0); // Those of app 0 were used later, but live for 10 seconds only.

        for (uint i = 0; i < 200; i++) { table.Bind(2, IpAddress.FromV4(i), 1, 200); }

        Assert.True(table.Expired >= 190, $"{table.Expired} expired"); // A sample of 16 without one has 2^-16 at first.
        Assert.Equal(1_000, table.Count);
    }

    [Fact]
    public void Bind_WhenNewOnesKeepComing_KeepsThoseInUse()
    {
        BindingTable table = new(10_000, 1);
        uint now = 1;
        for (uint i = 0; i < 100_000; i++)
        {
            if (i % 50 == 0)
            {
                now++;
                for (uint used = 0; used < 1_000; used++) { table.Bind(0, IpAddress.FromV4(used), 1, now); }
            }

            table.Bind(1, IpAddress.FromV4(i), 1, now);
        }

        Assert.Equal(1_000, table.Enumerate().Count(static b => b.App == 0));
    }

    [Fact]
    public void Bind_WhenBelowTheMost_EvictsNobody()
    {
        BindingTable table = new(1_000_000, 99);
        for (uint i = 0; i < 1_000_000; i++) { table.Bind(0, IpAddress.FromV4(i), (int)(i & 0xFFFF), 1); }

        Assert.Equal(1_000_000, table.Count);
        Assert.Equal(0, table.Evicted);
        for (uint i = 0; i < 1_000_000; i += 97)
        {
            Assert.True(table.TryFind(0, IpAddress.FromV4(i), 1, 0, out int slot));
            Assert.Equal((int)(i & 0xFFFF), slot);
        }
    }

    [Fact]
    public void Bind_WhenOverflowBucketsRunOut_LetsTheOldestOfTheChainGiveWay()
    {
        BindingTable table = new(4_000, 1, overflowsPer1024Homes: 0);
        for (uint i = 0; i < 4_000; i++) { table.Bind(0, IpAddress.FromV4(i), (int)i, i); }

        List<Binding> all = [.. table.Enumerate()];
        Assert.Equal(table.Count, all.Count);
        Assert.Equal(4_000, table.Count + table.Evicted);
        Assert.InRange(table.Evicted, 400, 1_200);
        Assert.All(all, static b => Assert.Equal((int)b.Key.V4, b.Slot));
        Assert.Equal(100, all.Count(static b => b.Slot >= 3_900)); // The youngest are the last to go.
    }

    [Fact]
    public void Calls_AfterConstruction_AllocateNothing()
    {
        BindingTable table = new(2_000, 1);
        uint[] ttls = [5, 5];
        table.Sweep(0, ttls, 0);
        Use(table, ttls, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (uint round = 1; round < 50; round++) { Use(table, ttls, round); }

        // The runtime allocates a little when it compiles a method again. Half a million calls, with one object each or
        // one now and then, would be megabytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64_000);
    }

    private static void Use(BindingTable table, uint[] ttls, uint round)
    {
        for (uint i = 0; i < 3_000; i++)
        {
            IpAddress key = IpAddress.FromV4((round * 500) + i);
            table.Bind(0, key, (int)i, round);
            table.TryFind(0, key, round, 5, out _);
            table.Touch(0, key, (int)i, round);
            if (i % 7 == 0) { table.Unbind(0, key, (int)i); }
        }

        table.Sweep(round, ttls, 0.5);
    }
}
