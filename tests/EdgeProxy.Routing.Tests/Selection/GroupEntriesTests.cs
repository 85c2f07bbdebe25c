namespace EdgeProxy.Routing.Tests;

public sealed class GroupEntriesTests
{
    private const int Seed = 20261125;

    /// <summary>From nothing to the largest and down to the smallest load there can be, some of them equal.</summary>
    private static readonly double[] s_loads =
        [0, 0, 1e-9, 1.0 / (2147483647.0 * 65535), 0.25, 0.25, 0.5, 1, 3, int.MaxValue];

    [Fact]
    public void SumAndChoose_WhenEntriesAreRandom_AgreeWithTheNaiveWay()
    {
        Random random = new(Seed);
        for (int round = 0; round < 20_000; round++)
        {
            double?[] loads =
            [
                .. Enumerable.Range(0, SelectionIndex.Lanes).Select(
                    _ => random.Next(4) == 0 ? (double?)null : s_loads[random.Next(s_loads.Length)]),
            ];
            int[] weights = [.. loads.Select(_ => random.Next(1, 9))];
            long[] entries = [.. loads.Select((load, lane) => load is { } l ? Entry.Of(l, weights[lane]) : Entry.None)];
            double unit = random.NextDouble();
            double left = unit;
            int chosen = GroupEntries.Choose(entries, ref left);
            if (loads.Max() is null)
            {
                Assert.True(Entry.IsNone(GroupEntries.Sum(entries)));
                Assert.Equal(-1, chosen);
                continue;
            }

            int[] best = [.. Enumerable.Range(0, SelectionIndex.Lanes).Where(lane => loads[lane] == loads.Min())];
            long sum = GroupEntries.Sum(entries);
            Assert.Equal(Entry.Key(entries[best[0]]), Entry.Key(sum));
            Assert.Equal(best.Sum(lane => weights[lane]), Entry.Tie(sum), 0.01);
            Assert.Equal(Drawn(best, weights, unit), chosen);
            Assert.InRange(left, 0, 1);
        }
    }

    [Fact]
    public void Entries_WhenLoadsDiffer_OrderAsTheLoadsDo()
    {
        double[] ascending = [.. s_loads.Distinct().Order()];
        for (int i = 0; i < ascending.Length; i++)
        {
            long entry = Entry.Of(ascending[i], 65_535);
            Assert.Equal(ascending[i], Entry.Load(entry), ascending[i] / 1e9);
            Assert.True(double.IsNormal(BitConverter.Int64BitsToDouble(entry)));
            Assert.True(entry < (i + 1 < ascending.Length ? Entry.Of(ascending[i + 1], 1) : Entry.None));
        }
    }

    private static int Drawn(int[] lanes, int[] weights, double unit)
    {
        double draw = unit * lanes.Sum(lane => weights[lane]);
        foreach (int lane in lanes)
        {
            if (draw < weights[lane]) { return lane; }
            draw -= weights[lane];
        }

        return lanes[^1];
    }
}
