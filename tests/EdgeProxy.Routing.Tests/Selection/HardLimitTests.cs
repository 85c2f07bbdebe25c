using System.Globalization;
using Row = EdgeProxy.Routing.Tests.TableMaker.Row;

namespace EdgeProxy.Routing.Tests;

/// <summary>Threads that pick and release at once, while tables change under them.</summary>
public sealed class HardLimitTests
{
    private const int Backends = 12;
    private const int HardLimit = 7;
    private const int Threads = 4;
    private const int PicksPerThread = 60_000;

    [Fact]
    public void Pick_WhenThreadsRaceAndTablesChange_NeverPassesAHardLimitAndLosesNoSeat()
    {
        TableMaker maker = new();
        Row[] rows =
        [
            .. Enumerable.Range(0, Backends).Select(static i => new Row(string.Create(CultureInfo.InvariantCulture, $"b{i}"))
            {
                Port = 80 + i, Hard = HardLimit, Region = i % 2 == 0 ? "sa" : "eu",
            }),
        ];
        maker.Publish(rows);
        Router router = maker.NewRouter();
        int[] held = new int[Backends]; // Counted before the seat is given back, so never above the truth.
        int overruns = 0;
        int running = Threads;
        Thread[] threads =
        [
            .. Enumerable.Range(1, Threads).Select(seed => new Thread(() =>
            {
                Work(maker, router, new Random(seed), held, ref overruns);
                Interlocked.Decrement(ref running);
            })),
        ];
        foreach (Thread thread in threads) { thread.Start(); }
        for (int version = 0; Volatile.Read(ref running) > 0; version++)
        {
            maker.Publish([.. rows.Where((_, i) => (i + version) % 5 != 0)]); // Each is gone now and then, and comes back.
            router.Settle();
        }

        foreach (Thread thread in threads) { thread.Join(); }
        maker.Publish(rows);
        router.Settle();

        Assert.Equal(0, overruns);
        foreach (Row row in rows) { Assert.Equal(0, maker.Slots.Connections(maker.SlotOf(row.Id))); }
        long[] live = [.. maker.Current.Selection.Entries];
        maker.Current.Selection.SettleAll();
        Assert.Equal(maker.Current.Selection.Entries, live);
    }

    private static void Work(TableMaker maker, Router router, Random random, int[] held, ref int overruns)
    {
        List<int> mine = [];
        for (int pick = 0; pick < PicksPerThread; pick++)
        {
            if (mine.Count > 0 && random.Next(3) == 0) { Release(mine.Count - 1); }
            AttemptHistory history = default;
            RoutingTable table = maker.Current;
            RoutePick picked = router.Pick(table, table.Apps[0].Id, default, 0, (uint)random.NextInt64(1L << 32), ref history);
            if (picked.Outcome != PickOutcome.Chosen)
            {
                if (mine.Count > 0) { Release(0); }
                continue;
            }

            if (Interlocked.Increment(ref held[NumberOf(picked.Slot)]) > HardLimit) { Interlocked.Increment(ref overruns); }
            mine.Add(picked.Slot);
        }

        while (mine.Count > 0) { Release(0); }

        int NumberOf(int slot) => int.Parse(maker.Slots.Id(slot).AsSpan(1), CultureInfo.InvariantCulture);

        void Release(int at)
        {
            Interlocked.Decrement(ref held[NumberOf(mine[at])]);
            router.Release(maker.Current, maker.Current.Apps[0].Id, default, mine[at], 0);
            mine.RemoveAt(at);
        }
    }
}
