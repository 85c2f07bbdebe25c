using System.Runtime.InteropServices;

namespace EdgeProxy.Load;

/// <summary>
/// An endless stream of bytes given by a seed, computable from any position: a lost, doubled, changed or reordered
/// byte cannot go unseen. Each 8 bytes are SplitMix64 of their number.
/// </summary>
internal static class Pattern
{
    public static void Fill(ulong seed, long position, Span<byte> bytes)
    {
        Span<ulong> word = stackalloc ulong[1];
        while (bytes.Length > 0)
        {
            word[0] = Mix(seed + (ulong)(position >> 3) * 0x9E37_79B9_7F4A_7C15);
            ReadOnlySpan<byte> source = MemoryMarshal.AsBytes(word)[(int)(position & 7)..];
            int count = Math.Min(source.Length, bytes.Length);
            source[..count].CopyTo(bytes);
            bytes = bytes[count..];
            position += count;
        }
    }

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
