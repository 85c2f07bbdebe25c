using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>
/// How a step from one range to the next is written. Ranges are unions of aligned blocks, so a range's length is told
/// by its highest and lowest set bit (one symbol), and the few bits between them as they are. What the symbol may be
/// depends most on how the range's start is aligned and on the length of the range before the last: small exceptions
/// within a large block alternate with the block, which is also why "the country before the last" is part of the
/// symbol.
/// </summary>
internal static class GeoSteps
{
    /// <summary>Bits of an IPv4 address.</summary>
    public const int V4Bits = 32;

    /// <summary>Bits of an IPv6 address that are kept: a /48 is what one site gets (RFC 6177).</summary>
    public const int V6Bits = 48;

    /// <summary>Lengths up to the whole space: 2^V6Bits.</summary>
    private const int Shapes = (V6Bits + 1) * (V6Bits + 2) / 2;

    public const int Symbols = 2 * Shapes;

    private static readonly ushort[] s_shapes = MakeShapes();

    public static int Contexts(int addressBits) => (addressBits + 1) * (addressBits + 1);

    /// <param name="start">Where the range starts.</param>
    /// <param name="highestBefore">Highest set bit of the length of the range before the last.</param>
    /// <param name="addressBits"><see cref="V4Bits"/> or <see cref="V6Bits"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Context(ulong start, int highestBefore, int addressBits) =>
        (Math.Min(BitOperations.TrailingZeroCount(start), addressBits) * (addressBits + 1)) + highestBefore;

    /// <summary>The symbol for a length with these highest and lowest set bits.</summary>
    public static int Symbol(int highest, int lowest, bool isCountryBeforeLast) =>
        (((highest * (highest + 1) / 2) + lowest) << 1) | (isCountryBeforeLast ? 1 : 0);

    /// <summary>Highest and lowest set bit of the length a symbol stands for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int Highest, int Lowest) Shape(int symbol)
    {
        int shape = s_shapes[symbol >> 1];
        return (shape >> 8, shape & 0xFF);
    }

    private static ushort[] MakeShapes()
    {
        ushort[] shapes = new ushort[Shapes];
        int shape = 0;
        for (int highest = 0; highest <= V6Bits; highest++)
        {
            for (int lowest = 0; lowest <= highest; lowest++) { shapes[shape++] = (ushort)((highest << 8) | lowest); }
        }

        return shapes;
    }
}
