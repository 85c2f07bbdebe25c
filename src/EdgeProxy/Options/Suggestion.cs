namespace EdgeProxy;

/// <summary>The name somebody most likely meant.</summary>
internal static class Suggestion
{
    private const int LengthMax = 64;

    /// <summary>
    /// The candidate with the fewest typing slips (a character missing, added, changed, or two swapped), or null when
    /// even that one is further away than a slip in every three characters. Case, '-' and '_' do not count.
    /// </summary>
    public static string? Nearest(string given, IEnumerable<string> candidates)
    {
        if (given.Length is 0 or > LengthMax) { return null; }
        string? best = null;
        int bestSlips = Math.Max(1, given.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            if (candidate.Length > LengthMax) { continue; }
            int slips = Slips(given, candidate);
            if (slips >= bestSlips) { continue; }
            best = candidate;
            bestSlips = slips;
        }

        return best;
    }

    /// <summary>Optimal string alignment distance, three rows at a time.</summary>
    internal static int Slips(string left, string right)
    {
        Span<int> beforeLast = stackalloc int[LengthMax + 1];
        Span<int> last = stackalloc int[LengthMax + 1];
        Span<int> row = stackalloc int[LengthMax + 1];
        for (int j = 0; j <= right.Length; j++) { last[j] = j; }
        for (int i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int cost = Plain(left[i - 1]) == Plain(right[j - 1]) ? 0 : 1;
                int slips = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
                bool swapped = i > 1 && j > 1 && Plain(left[i - 1]) == Plain(right[j - 2])
                    && Plain(left[i - 2]) == Plain(right[j - 1]);
                row[j] = swapped ? Math.Min(slips, beforeLast[j - 2] + 1) : slips;
            }

            Span<int> free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }

        return last[right.Length];
    }

    private static char Plain(char c) => c == '_' ? '-' : char.ToLowerInvariant(c);
}
