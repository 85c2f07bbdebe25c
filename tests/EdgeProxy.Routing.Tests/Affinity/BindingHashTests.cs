namespace EdgeProxy.Routing.Tests;

public sealed class BindingHashTests
{
    private const int Keys = 1 << 18;
    private const int Cells = 1 << 12;

    public static TheoryData<string, Func<int, (int App, IpAddress Key)>> Families => new()
    {
        { "IPv4 in sequence", static i => (0, IpAddress.FromV4(0x0A00_0000 + (uint)i)) },
        { "IPv4 /24s", static i => (0, IpAddress.FromV4((uint)i << 8)) },
        { "IPv6 /64s in sequence", static i => (0, new IpAddress(0x2001_0DB8_0000_0000 + (ulong)i, 0)) },
        { "IPv6 /48s", static i => (0, new IpAddress(0x2001_0000_0000_0000 + ((ulong)i << 16), 0)) },
        { "hosts of one /64", static i => (0, new IpAddress(0x2001_0DB8_0000_0001, (ulong)i)) },
        { "hosts that differ in the upper bits", static i => (0, new IpAddress(0x2001_0DB8_0000_0001, (ulong)i << 46)) },
        { "equal halves", static i => (0, new IpAddress((ulong)i * 0x1_0000_0001, (ulong)i * 0x1_0000_0001)) },
        { "halves that cancel out", static i => (0, new IpAddress((ulong)i, 0UL - (ulong)i)) },
        { "one client, many apps", static i => (i & 0xFFFF, IpAddress.FromV4(1 + ((uint)i >> 16))) },
        { "single bits", static i => (i >> 14, new IpAddress(1UL << (i & 63), 1UL << ((i >> 6) & 63)).Prefix(64 + ((i >> 12) & 3))) },
    };

    [Theory, MemberData(nameof(Families))]
    public void Of_WhenKeysHaveAPattern_SpreadsThemLikeChance(string family, Func<int, (int App, IpAddress Key)> keyOf)
    {
        // Sorted, not put into a set: the runtime's own hash of an address is one of those these patterns break.
        (int App, IpAddress Key)[] keys = [.. Enumerable.Range(0, Keys).Select(keyOf)];
        Array.Sort(keys);
        foreach (ulong seed in (ulong[])[1, 2, 0xDEAD_BEEF])
        {
            BindingHash hash = new(seed);
            int distinct = 0;
            int[] low = new int[Cells];
            int[] high = new int[Cells];
            for (int i = 0; i < Keys; i++)
            {
                if (i > 0 && keys[i] == keys[i - 1]) { continue; }
                distinct++;
                uint value = hash.Of(keys[i].App, keys[i].Key);
                low[value & (Cells - 1)]++;
                high[value >> 20]++;
            }

            AssertLikeChance(low, distinct, $"{family}, seed {seed}, lowest bits");
            AssertLikeChance(high, distinct, $"{family}, seed {seed}, highest bits");
        }
    }

    [Fact]
    public void Of_WhenTheSeedDiffers_CollidesElsewhere()
    {
        BindingHash one = new(1);
        BindingHash other = new(2);
        int both = 0;
        int first = 0;
        for (uint i = 1; i < 200_000; i++)
        {
            bool here = Cell(one, i) == Cell(one, 0);
            if (here) { first++; }
            if (here && Cell(other, i) == Cell(other, 0)) { both++; }
        }

        Assert.InRange(first, 100, 300); // 200,000 / 1,024 by chance.
        Assert.True(both <= 3, $"{both} of {first} collide under both seeds");
    }

    private static uint Cell(BindingHash hash, uint address) => hash.Of(0, IpAddress.FromV4(address)) & 1023;

    /// <summary>Chi squared within six deviations above its mean: a bad hash is off by orders of magnitude.</summary>
    private static void AssertLikeChance(int[] counts, int keys, string what)
    {
        double expected = (double)keys / counts.Length;
        double chiSquared = counts.Sum(count => (count - expected) * (count - expected) / expected);
        double limit = counts.Length + (6 * Math.Sqrt(2.0 * counts.Length));
        Assert.True(chiSquared < limit, $"{what}: chi squared {chiSquared:F0}, limit {limit:F0}");
    }
}
