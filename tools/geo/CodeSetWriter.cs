using EdgeProxy.Routing;

namespace EdgeProxy.GeoTool;

/// <summary>
/// Finds which contexts share a code, so that codes and what is written with them together are small, and writes both.
/// </summary>
internal sealed class CodeSetWriter
{
    /// <summary>Bits a symbol costs in a code's description: the distance to it and its length.</summary>
    private const double SymbolBits = 6.5;

    private const int RoundsMax = 12;

    /// <summary>A code that is used less does not pay for its description.</summary>
    private const int UsesPerCodeMin = 200;

    private readonly int[] _codeByContext;
    private readonly PrefixCode[] _codes;

    private CodeSetWriter(int[] codeByContext, PrefixCode[] codes)
    {
        _codeByContext = codeByContext;
        _codes = codes;
    }

    /// <param name="contexts">How many contexts there are.</param>
    /// <param name="symbols">How many symbols there are.</param>
    /// <param name="uses">Every symbol that will be written, in its context.</param>
    /// <param name="codesWanted">The most codes to begin with; those that do not pay are merged.</param>
    public static CodeSetWriter For(int contexts, int symbols, IEnumerable<(int Context, int Symbol)> uses, int codesWanted)
    {
        long[]?[] counts = new long[]?[contexts];
        foreach ((int context, int symbol) in uses) { (counts[context] ??= new long[symbols])[symbol]++; }
        int[] used = [.. Enumerable.Range(0, contexts).Where(c => counts[c] is not null).OrderByDescending(c => counts[c]!.Sum())];
        long written = used.Sum(c => counts[c]!.Sum());
        int begun = (int)Math.Clamp(written / UsesPerCodeMin, 1, codesWanted);
        List<long[]> groups = [.. used.Take(begun).Select(c => (long[])counts[c]!.Clone())];
        if (groups.Count == 0) { groups.Add(new long[symbols]); } // A set has a code even when nothing is written with it.
        int[] groupByContext = new int[contexts];
        for (int round = 0; round < RoundsMax; round++)
        {
            double[][] costs = [.. groups.Select(Costs)];
            foreach (int context in used) { groupByContext[context] = Cheapest(counts[context]!, costs); }
            if (used.Length > 0) { groups = Regroup(groups.Count, symbols, used, groupByContext, counts); }
        }

        MergeWhatDoesNotPay(groups, used, groupByContext);
        return new CodeSetWriter(Everywhere(used, groupByContext), [.. groups.Select(PrefixCode.For)]);
    }

    public void WriteCodes(BitWriter writer)
    {
        writer.Write((ulong)_codes.Length, 8);
        int last = 0;
        foreach (int code in _codeByContext)
        {
            writer.Write(code == last ? 1u : 0u, 1);
            if (code != last) { writer.Write((ulong)code, 8); }
            last = code;
        }

        foreach (PrefixCode code in _codes)
        {
            writer.WriteGamma(code.Lengths.Count(static l => l > 0));
            int before = -1;
            for (int symbol = 0; symbol < code.Lengths.Length; symbol++)
            {
                if (code.Lengths[symbol] == 0) { continue; }
                writer.WriteGamma(symbol - before);
                writer.Write(code.Lengths[symbol], 4);
                before = symbol;
            }
        }
    }

    public void Write(BitWriter writer, int context, int symbol) => _codes[_codeByContext[context]].Write(writer, symbol);

    private static int Cheapest(long[] counts, double[][] costs)
    {
        (int Symbol, long Count)[] present = [.. counts.Select(static (count, symbol) => (symbol, count)).Where(static p => p.count > 0)];
        int best = 0;
        double bestBits = double.MaxValue;
        for (int group = 0; group < costs.Length; group++)
        {
            double bits = present.Sum(p => p.Count * costs[group][p.Symbol]);
            if (bits < bestBits) { (best, bestBits) = (group, bits); }
        }

        return best;
    }

    /// <summary>Bits of each symbol in a group; one that is not in it yet costs its description as well.</summary>
    private static double[] Costs(long[] counts)
    {
        double total = counts.Sum() + 1;
        return [.. counts.Select(count => count > 0 ? Math.Log2(total / count) : Math.Log2(total) + SymbolBits)];
    }

    private static List<long[]> Regroup(int groupCount, int symbols, int[] used, int[] groupByContext, long[]?[] counts)
    {
        long[]?[] sums = new long[]?[groupCount];
        foreach (int context in used) { Add(sums[groupByContext[context]] ??= new long[symbols], counts[context]!); }
        int[] kept = [.. Enumerable.Range(0, groupCount).Where(g => sums[g] is not null)];
        foreach (int context in used) { groupByContext[context] = Array.IndexOf(kept, groupByContext[context]); }
        return [.. kept.Select(g => sums[g]!)];
    }

    private static void MergeWhatDoesNotPay(List<long[]> groups, int[] used, int[] groupByContext)
    {
        while (groups.Count > 1)
        {
            double[] bits = [.. groups.Select(Bits)];
            (double saved, int left, int right) = (double.MinValue, 0, 0);
            for (int i = 0; i < groups.Count; i++)
            {
                for (int j = i + 1; j < groups.Count; j++)
                {
                    double gain = bits[i] + bits[j] - Bits(Sum(groups[i], groups[j]));
                    if (gain > saved) { (saved, left, right) = (gain, i, j); }
                }
            }

            if (saved < 0 && groups.Count <= CodeSet.CodesMax) { return; }
            Add(groups[left], groups[right]);
            groups.RemoveAt(right);
            foreach (int context in used)
            {
                int group = groupByContext[context];
                groupByContext[context] = group == right ? left : group > right ? group - 1 : group;
            }
        }
    }

    /// <summary>Bits of a group's symbols and of its code.</summary>
    private static double Bits(long[] counts)
    {
        double total = counts.Sum();
        return counts.Where(static c => c > 0).Sum(c => (c * Math.Log2(total / c)) + SymbolBits);
    }

    /// <summary>A context that is never used shares the code of the one before it, which is the shortest to write.</summary>
    private static int[] Everywhere(int[] used, int[] groupByContext)
    {
        HashSet<int> isUsed = [.. used];
        int[] codes = new int[groupByContext.Length];
        int last = 0;
        for (int context = 0; context < codes.Length; context++)
        {
            if (isUsed.Contains(context)) { last = groupByContext[context]; }
            codes[context] = last;
        }

        return codes;
    }

    private static long[] Sum(long[] a, long[] b) => [.. a.Zip(b, static (x, y) => x + y)];

    private static void Add(long[] sum, long[] more)
    {
        for (int i = 0; i < sum.Length; i++) { sum[i] += more[i]; }
    }
}
