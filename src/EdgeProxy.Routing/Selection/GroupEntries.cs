using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeProxy.Routing;

/// <summary>
/// What is asked of the entries of one group. They are read once, into registers, so that what is asked of them agrees,
/// and compared without a branch, since which of them is the lowest is as good as random.
/// </summary>
/// <remarks>
/// Each entry is read whole, though not all at once: a load of 16 bytes is at least two of 8. They are compared as the
/// doubles that their bits spell, which order as they do (see <see cref="Entry"/>): every x86-64 does that in one step.
/// </remarks>
internal static class GroupEntries
{
    /// <summary>
    /// The lowest load with the weights of those that have it added up: the group's entry in a group above.
    /// </summary>
    public static long Sum(ReadOnlySpan<long> entries)
    {
        ReadOnlySpan<Vector128<double>> lanes = MemoryMarshal.Cast<long, Vector128<double>>(entries);
        Vector128<double> lanes67 = lanes[3];
        Vector128<double> lanes01 = lanes[0];
        Vector128<double> lanes23 = lanes[1];
        Vector128<double> lanes45 = lanes[2];
        Vector128<double> lowest = Lowest(lanes01, lanes23, lanes45, lanes67);
        Vector128<float> ties = Ties(lanes01, lowest) + Ties(lanes23, lowest)
            + (Ties(lanes45, lowest) + Ties(lanes67, lowest));
        return lowest.AsInt64().ToScalar() | Entry.PackTie(ties.GetElement(0) + ties.GetElement(2));
    }

    /// <summary>
    /// A lane with the lowest load, drawn by weight; what is left of the draw decides below. -1: nobody takes clients.
    /// </summary>
    public static int Choose(ReadOnlySpan<long> entries, ref double unit)
    {
        ReadOnlySpan<Vector128<double>> lanes = MemoryMarshal.Cast<long, Vector128<double>>(entries);
        Vector128<double> lanes67 = lanes[3];
        Vector128<double> lanes01 = lanes[0];
        Vector128<double> lanes23 = lanes[1];
        Vector128<double> lanes45 = lanes[2];
        Vector128<double> lowest = Lowest(lanes01, lanes23, lanes45, lanes67);
        if (Entry.IsNone(lowest.AsInt64().ToScalar())) { return -1; }
        uint chosen = Bits(lanes01, lowest) | (Bits(lanes23, lowest) << 2)
            | (Bits(lanes45, lowest) << 4) | (Bits(lanes67, lowest) << 6);
        return BitOperations.IsPow2(chosen) ? BitOperations.TrailingZeroCount(chosen) : Draw(entries, chosen, ref unit);
    }

    /// <summary>
    /// One of several lanes. Another thread may change their weights meanwhile, which shifts a chance and no more.
    /// </summary>
    private static int Draw(ReadOnlySpan<long> entries, uint lanes, ref double unit)
    {
        double sum = 0;
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            sum += Entry.Tie(entries[BitOperations.TrailingZeroCount(rest)]);
        }

        double draw = unit * sum;
        while (true)
        {
            int lane = BitOperations.TrailingZeroCount(lanes);
            double tie = Entry.Tie(entries[lane]);
            lanes &= lanes - 1;
            if (draw < tie || lanes == 0)
            {
                // Rounding, or another thread, left a rest: the last one takes it.
                unit = draw < tie ? draw / tie : 0.5;
                return lane;
            }

            draw -= tie;
        }
    }

    /// <summary>The lowest load, as an entry without weight, in both halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Lowest(
        Vector128<double> a, Vector128<double> b, Vector128<double> c, Vector128<double> d)
    {
        Vector128<double> pair = Vector128.MinNative(Vector128.MinNative(a, b), Vector128.MinNative(c, d));
        return WithoutTie(Vector128.MinNative(pair, Vector128.Shuffle(pair, Vector128.Create(1L, 0L))));
    }

    /// <summary>All ones for those that have the lowest load.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> IsLowest(Vector128<double> lanes, Vector128<double> lowest) =>
        Vector128.Equals(WithoutTie(lanes), lowest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> WithoutTie(Vector128<double> lanes) =>
        lanes & Vector128.Create(~Entry.TieMask).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits(Vector128<double> lanes, Vector128<double> lowest) =>
        IsLowest(lanes, lowest).ExtractMostSignificantBits();

    /// <summary>
    /// The weights of those that have the lowest load, as floats in the lower halves; 0 for the others.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Ties(Vector128<double> lanes, Vector128<double> lowest) =>
        ((lanes & IsLowest(lanes, lowest) & Vector128.Create(Entry.TieMask).AsDouble()).AsInt64() << Entry.TieShift)
        .AsSingle();
}
