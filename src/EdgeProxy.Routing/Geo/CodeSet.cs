using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>
/// Prefix codes (Huffman) and which of them holds in which context. A code is a table indexed by the next
/// <see cref="FirstBits"/> bits that gives symbol and length at once, or for the few longer words a second table behind
/// it: so all tables of a set stay in the second cache, and it is the loads that a range waits for.
/// </summary>
/// <remarks>
/// Written as: number of codes (8 bits); per context one bit, 1 for the code of the context before, or 0 and the code's
/// number (8 bits); per code the number of its symbols (gamma), and per symbol, ascending, the distance from the one
/// before (gamma) and the length of its code (4 bits). Codes are canonical: shorter ones first, then by symbol.
/// </remarks>
internal sealed class CodeSet
{
    /// <summary>Bits of the longest code.</summary>
    public const int CodeBits = 11;

    public const int CodesMax = 255;

    /// <summary>Symbols are below this: a table's entry is a symbol and the 4 bits of a length.</summary>
    public const int SymbolsMax = 1 << 12;

    private const int FirstBits = 7;
    private const int SecondBits = CodeBits - FirstBits;
    private const int LengthMask = 15;
    private const int Longer = 15; // In place of a length: the symbol is the number of a second table of this code.

    private readonly int[] _tableByContext;
    private readonly ushort[] _first;
    private readonly int[] _secondByCode;
    private ushort[] _second = new ushort[1 << 14];
    private int _secondCount;

    private CodeSet(int contexts, int codes)
    {
        _tableByContext = new int[contexts];
        _first = new ushort[codes << FirstBits];
        _secondByCode = new int[codes];
    }

    /// <returns>Null when what is read cannot be a set of codes.</returns>
    public static CodeSet? Read(ref BitReader reader, int contexts, int symbols)
    {
        int codes = (int)reader.Take(8);
        CodeSet set = new(contexts, codes);
        int code = 0;
        for (int context = 0; context < contexts; context++)
        {
            if (reader.IsPastEnd) { return null; }
            if (reader.Take(1) == 0) { code = (int)reader.Take(8); }
            if (code >= codes) { return null; }
            set._tableByContext[context] = code << FirstBits;
        }

        ushort[] words = new ushort[symbols];
        for (code = 0; code < codes; code++)
        {
            if (!TryReadWords(ref reader, words, out int count) || !set.TryFill(code, words.AsSpan(0, count))) { return null; }
        }

        return set;
    }

    /// <summary>The entry of the word that a look begins with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ulong look, int context)
    {
        int table = _tableByContext[context];
        int entry = _first[table + (int)(look >> (64 - FirstBits))];
        return (entry & LengthMask) == Longer ? LookFurther(table, entry, look) : entry;
    }

    public static int SymbolOf(int entry) => entry >> 4;

    public static int LengthOf(int entry) => entry & LengthMask;

    private int LookFurther(int table, int entry, ulong look)
    {
        int second = _secondByCode[table >> FirstBits] + ((entry >> 4) << SecondBits);
        return _second[second + (int)((look >> (64 - CodeBits)) & ((1 << SecondBits) - 1))];
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
    private bool TryFill(int code, ReadOnlySpan<ushort> words)
    {
        // Where the words of each length begin: after all entries of the shorter ones.
        Span<int> at = stackalloc int[16];
        at.Clear();
        foreach (ushort word in words) { at[word & LengthMask]++; }
        if (at[0] > 0 || at[(CodeBits + 1)..].ContainsAnyExcept(0)) { return false; }
        int end = 0;
        for (int length = 1; length <= CodeBits; length++)
        {
            int entries = at[length] << (CodeBits - length);
            at[length] = end;
            end += entries;
        }

        if (end != 1 << CodeBits) { return false; }
        _secondByCode[code] = _secondCount;
        Span<ushort> first = _first.AsSpan(code << FirstBits, 1 << FirstBits);
        foreach (ushort word in words)
        {
            int length = word & LengthMask;
            int position = at[length];
            int width = 1 << (CodeBits - length);
            at[length] += width;
            Span<ushort> entries = length <= FirstBits
                ? first.Slice(position >> SecondBits, width >> SecondBits)
                : SecondTable(code, ref first[position >> SecondBits]).Slice(position & ((1 << SecondBits) - 1), width);
            entries.Fill(word);
        }

        return true;
    }

    /// <summary>The second table behind an entry of the first; made when the first word of it comes.</summary>
    private Span<ushort> SecondTable(int code, ref ushort entry)
    {
        const int Length = 1 << SecondBits;
        if ((entry & LengthMask) != Longer)
        {
            entry = (ushort)((((_secondCount - _secondByCode[code]) >> SecondBits) << 4) | Longer);
            _secondCount += Length;
            if (_secondCount > _second.Length) { Array.Resize(ref _second, 2 * _second.Length); }
        }

        return _second.AsSpan(_secondByCode[code] + ((entry >> 4) << SecondBits), Length);
    }
}
