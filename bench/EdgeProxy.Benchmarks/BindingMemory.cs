using System.Globalization;
using EdgeProxy.Routing;

namespace EdgeProxy.Benchmarks;

/// <summary>
/// What bindings cost in resident memory: the growth of the process's own, since pages that are only reserved do not
/// count. A process of its own, so nothing else grows meanwhile.
/// </summary>
internal static class BindingMemory
{
    public static int Print()
    {
        const int BindingsMax = 1_000_000;
        BindingTable warm = new(1_024, 1);
        Fill(warm, 0, 2_000);
        long before = ResidentBytes();
        BindingTable table = new(BindingsMax, 12_345);
        int bound = 0;
        foreach (int count in (int[])[0, 1_000, 10_000, 100_000, 500_000, BindingsMax])
        {
            Fill(table, bound, count);
            bound = count;
            double bytes = ResidentBytes() - before;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{count,9:N0} bindings: {bytes / 1e6,6:F1} MB resident"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"evicted {table.Evicted}, held {table.Count:N0}"));
        return table.Count == BindingsMax ? 0 : 1;
    }

    private static void Fill(BindingTable table, int from, int to)
    {
        for (int i = from; i < to; i++) { table.Bind(0, BindingBenchmarks.KeyOf(i), i & 0xFFFF, 1); }
    }

    private static long ResidentBytes()
    {
        string line = File.ReadLines("/proc/self/status").First(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
