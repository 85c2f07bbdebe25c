using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>
/// Prefix codes (Huffman) and which of them holds in which context. A code is a table indexed by the next
/// <see cref="CodeBits"/> bits that gives symbol and length at once; so short that all tables stay in the second cache.
/// </summary>
/// <remarks>
/// Written as: number of codes (8 bits); per context one bit, 1 for the code of the context before, or 0 and the code's
/// number (8 bits); per code the number of its symbols (gamma), and per symbol, ascending, the distance from the one
/// before (gamma) and the length of its code (4 bits). Codes are canonical: shorter ones first, then by symbol.
/// </remarks>
internal readonly struct CodeSet
{
    /// <summary>Bits of the longest code.</summary>
    public const int CodeBits = 11;

    public const int CodesMax = 255;

    /// <summary>Symbols are below this: a table's entry is a symbol and the 4 bits of a length.</summary>
    public const int SymbolsMax = 1 << 12;

    private readonly int[] _tableByContext;
    private readonly ushort[] _entries;

    private CodeSet(int[] tableByContext, ushort[] entries)
    {
        _tableByContext = tableByContext;
        _entries = entries;
    }

    /// <returns>False when what is read cannot be a set of codes.</returns>
    public static bool TryRead(ref BitReader reader, int contexts, int symbols, out CodeSet set)
    {
        int codes = (int)reader.Take(8);
        int[] tableByContext = new int[contexts];
        ushort[] entries = new ushort[codes << CodeBits];
        set = new CodeSet(tableByContext, entries);
        int code = 0;
        for (int context = 0; context < contexts; context++)
        {
            if (reader.IsPastEnd) { return false; }
            if (reader.Take(1) == 0) { code = (int)reader.Take(8); }
            if (code >= codes) { return false; }
            tableByContext[context] = code << CodeBits;
        }

        ushort[] words = new ushort[symbols];
        for (code = 0; code < codes; code++)
        {
            if (!TryReadWords(ref reader, words, out int count)) { return false; }
            if (!TryFill(entries.AsSpan(code << CodeBits, 1 << CodeBits), words.AsSpan(0, count))) { return false; }
        }

        return true;
    }

    /// <summary>Takes one symbol.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Take(ref BitReader reader, int context)
    {
        int entry = _entries[_tableByContext[context] + (int)(reader.Look() >> (64 - CodeBits))];
        reader.Skip(entry & 15);
        return entry >> 4;
    }

    /// <summary>Reads a code's symbols, ascending, each as its table's entry.</summary>
    private static bool TryReadWords(ref BitReader reader, ushort[] words, out int count)
    {
        count = reader.TakeGamma();
        if (count > words.Length) { return false; }
        int symbol = -1;
        for (int i = 0; i < count; i++)
        {
            symbol += reader.TakeGamma();
            if (reader.IsPastEnd || symbol >= words.Length) { return false; }
            words[i] = (ushort)((symbol << 4) | (int)reader.Take(4));
        }

        return true;
    }

    /// <summary>Lays out a code; false unless every sequence of bits begins with exactly one of its words.</summary>
    private static bool TryFill(Span<ushort> table, ReadOnlySpan<ushort> words)
    {
        // Where the words of each length begin: after all entries of the shorter ones.
        Span<int> at = stackalloc int[16];
        at.Clear();
        foreach (ushort word in words) { at[word & 15]++; }
        if (at[0] > 0 || at[(CodeBits + 1)..].ContainsAnyExcept(0)) { return false; }
        int end = 0;
        for (int length = 1; length <= CodeBits; length++)
        {
            int entries = at[length] << (CodeBits - length);
            at[length] = end;
            end += entries;
        }

        if (end != table.Length) { return false; }
        foreach (ushort word in words)
        {
            int width = 1 << (CodeBits - (word & 15));
            table.Slice(at[word & 15], width).Fill(word);
            at[word & 15] += width;
        }

        return true;
    }
}
