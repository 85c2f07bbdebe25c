using EdgeProxy.Routing;

namespace EdgeProxy.GeoTool;

/// <summary>The Huffman code for counted symbols, no word longer than a <c>CodeSet</c>'s table has bits.</summary>
internal sealed class PrefixCode
{
    private readonly uint[] _words;

    private PrefixCode(byte[] lengths)
    {
        Lengths = lengths;
        _words = new uint[lengths.Length];
        uint next = 0;
        for (int length = 1; length <= CodeSet.CodeBits; length++)
        {
            next <<= 1;
            for (int symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] == length) { _words[symbol] = next++; }
            }
        }
    }

    public byte[] Lengths { get; }

    public static PrefixCode For(long[] counts)
    {
        // Rounding rare symbols up shortens the longest word; repeated until it fits.
        for (int shift = 0; ; shift++)
        {
            byte[] lengths = WordLengths([.. counts.Select(c => c == 0 ? 0 : Math.Max(1, c >> shift))]);
            if (lengths.Max() <= CodeSet.CodeBits) { return new PrefixCode(lengths); }
        }
    }

    public void Write(BitWriter writer, int symbol) => writer.Write(_words[symbol], Lengths[symbol]);

    private static byte[] WordLengths(long[] counts)
    {
        byte[] lengths = new byte[counts.Length];
        PriorityQueue<int[], (long Count, int Order)> trees = new();
        int order = 0;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            if (counts[symbol] > 0) { trees.Enqueue([symbol], (counts[symbol], order++)); }
        }

        // A word has at least one bit, and a code of one symbol needs a second to be complete.
        for (int symbol = 0; trees.Count < 2; symbol++)
        {
            if (counts[symbol] == 0) { trees.Enqueue([symbol], (0, order++)); }
        }

        while (trees.Count > 1)
        {
            trees.TryDequeue(out int[]? left, out (long Count, int Order) leftKey);
            trees.TryDequeue(out int[]? right, out (long Count, int Order) rightKey);
            int[] both = [.. left!, .. right!];
            foreach (int symbol in both) { lengths[symbol]++; }
            trees.Enqueue(both, (leftKey.Count + rightKey.Count, order++));
        }

        return lengths;
    }
}
