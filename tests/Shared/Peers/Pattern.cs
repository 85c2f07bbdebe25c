using System.Buffers.Binary;

namespace EdgeProxy.Testing;

/// <summary>
/// The bytes a peer sends: its key, then what follows from the key and the place. Any loss, repetition, swap or mixture
/// of streams shows at the first wrong byte, and the reader needs to know nothing beforehand.
/// </summary>
internal static class Pattern
{
    private const int KeyBytes = 8;

    public static void Fill(ulong key, long offset, Span<byte> into)
    {
        Span<byte> word = stackalloc byte[KeyBytes];
        for (int i = 0; i < into.Length;)
        {
            long place = offset + i;
            BinaryPrimitives.WriteUInt64LittleEndian(word, Word(key, place / KeyBytes));
            int skip = (int)(place % KeyBytes);
            int count = Math.Min(KeyBytes - skip, into.Length - i);
            word.Slice(skip, count).CopyTo(into[i..]);
            i += count;
        }
    }

    private static ulong Word(ulong key, long index)
    {
        if (index == 0) { return key; }
        ulong mixed = key ^ ((ulong)index * 0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        return mixed ^ (mixed >> 27);
    }
}
