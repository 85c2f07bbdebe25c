namespace EdgeProxy.Routing.Tests;

/// <summary>Several threads at once. Every slot says whose it is, so a value of another key's would be seen.</summary>
public sealed class BindingTableConcurrencyTests
{
    private const int Threads = 4;

    /// <summary>
    /// Each thread owns keys of its own and knows what they are bound to; all read everybody's while the table grows.
    /// </summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Calls_WhenThereIsRoomForAll_LoseAndMixUpNothing(int seed)
    {
        const int KeysEach = 20_000;
        BindingTable table = new(Threads * KeysEach * 2, (ulong)seed);
        int[][] slots = new int[Threads][];
        RunAll(thread =>
        {
            Random random = new((seed * 100) + thread);
            int[] mine = slots[thread] = new int[KeysEach];
            mine.AsSpan().Fill(-1);
            for (int i = 0; i < 100_000; i++)
            {
                int number = random.Next(KeysEach);
                IpAddress key = KeyOf(thread, number);
                switch (random.Next(8))
                {
                    case 0 or 1 or 2:
                        mine[number] = SlotOf(thread, number, random.Next(4));
                        table.Bind(thread, key, mine[number], 1);
                        break;
                    case 3:
                        table.Unbind(thread, key, mine[number]);
                        mine[number] = -1;
                        break;
                    case 4 or 5:
                        table.TryFind(thread, key, (uint)i, 0, out int own);
                        Assert.Equal(mine[number], own);
                        break;
                    default:
                        int other = random.Next(Threads);
                        if (table.TryFind(other, KeyOf(other, number), (uint)i, 0, out int slot)) { AssertOwner(slot, other, number); }
                        break;
                }
            }
        });

        Assert.Equal(0, table.Evicted);
        Assert.Equal(slots.Sum(static mine => mine.Count(static slot => slot >= 0)), table.Count);
        List<Binding> all = [.. table.Enumerate()];
        Assert.Equal(table.Count, all.Count);
        foreach (Binding binding in all) { Assert.Equal(binding.Slot, slots[binding.App][NumberOf(binding)]); }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Calls_WhenTheTableIsFull_StayInBoundsAndAccountForEveryBinding(int seed)
    {
        const int BindingsMax = 2_000;
        const int KeysEach = 4_000;
        BindingTable table = new(BindingsMax, (ulong)seed);
        uint[] ttls = [0, 0, 40, 40];
        RunAll(thread =>
        {
            Random random = new((seed * 100) + thread);
            for (int i = 0; i < 60_000; i++)
            {
                int app = random.Next(Threads);
                int number = random.Next(KeysEach);
                IpAddress key = KeyOf(app, number);
                uint now = (uint)(i / 300);
                if (table.TryFind(app, key, now, ttls[app], out int slot)) { AssertOwner(slot, app, number); }
                else if (random.Next(4) > 0) { table.Bind(app, key, SlotOf(app, number, random.Next(4)), now); }
                if (random.Next(20) == 0) { table.Unbind(app, key, slot); }
                if (thread == 0 && random.Next(200) == 0) { table.Sweep(now, ttls, 0.1); }
                if (random.Next(5_000) == 0)
                {
                    foreach (Binding binding in table.Enumerate()) { AssertOwner(binding.Slot, binding.App, NumberOf(binding)); }
                }

                Assert.InRange(table.Count, 0, BindingsMax);
            }
        });

        List<Binding> all = [.. table.Enumerate()];
        Assert.Equal(table.Count, all.Count);
        Assert.Equal(all.Count, all.Select(static b => (b.App, b.Key)).Distinct().Count());
        Assert.True(table.Evicted > 0);
        table.Sweep(uint.MaxValue / 4, [1, 1, 1, 1], 1);
        Assert.Equal(0, table.Count);
        Assert.Empty(table.Enumerate());
    }

    [Theory, InlineData(1), InlineData(2)]
    public void Enumerate_WhenTheTableGrowsMeanwhile_ShowsEachThatStaysExactlyOnce(int seed)
    {
        const int Staying = 5_000;
        BindingTable table = new(400_000, (ulong)seed);
        for (int number = 0; number < Staying; number++) { table.Bind(0, KeyOf(0, number), SlotOf(0, number, 0), 1); }
        using ManualResetEventSlim begun = new();
        RunAll(thread =>
        {
            if (thread > 0)
            {
                begun.Wait();
                for (int number = 0; number < 20_000; number++)
                {
                    table.Bind(thread, KeyOf(thread, number), SlotOf(thread, number, 0), 1);
                    if (number % 3 == 0) { table.Unbind(thread, KeyOf(thread, number), SlotOf(thread, number, 0)); }
                }

                return;
            }

            for (int walk = 0; walk < 10; walk++)
            {
                int[] seen = new int[Staying];
                foreach (Binding binding in table.Enumerate())
                {
                    begun.Set(); // The first walk begins before the growth and ends in it.
                    if (binding.App == 0) { seen[NumberOf(binding)]++; }
                }

                Assert.All(seen, static times => Assert.Equal(1, times));
            }
        });
    }

    private static void RunAll(Action<int> body)
    {
        Exception?[] failures = new Exception?[Threads];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            try { body(thread); }
            catch (Exception failure) { failures[thread] = failure; }
        }))];
        foreach (Thread thread in threads) { thread.Start(); }
        foreach (Thread thread in threads) { thread.Join(); }
        Assert.All(failures, Assert.Null);
    }

    private static IpAddress KeyOf(int app, int number) => number % 2 == 0
        ? IpAddress.FromV4((uint)((app << 20) | number))
        : new IpAddress(0x2001_0DB8_0000_0000 + (ulong)app, (ulong)number);

    private static int NumberOf(Binding binding) => (int)(binding.Key.Low & 0xF_FFFF);

    private static int SlotOf(int app, int number, int variant) => (((app << 20) | number) << 2) | variant;

    private static void AssertOwner(int slot, int app, int number) => Assert.Equal((app << 20) | number, slot >> 2);
}
