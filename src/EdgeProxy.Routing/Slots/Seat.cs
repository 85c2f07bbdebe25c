namespace EdgeProxy.Routing;

/// <summary>
/// The seat word of a slot: how often the slot has changed hands, and the connections it carries. A slot is handed to
/// another backend by one CAS from (g, 0) to (g + 1, 0); a loop that still holds an old table then fails to reserve,
/// since every handle carries the generation it was made for.
/// </summary>
internal static class Seat
{
    /// <summary>Bits of a slot handle that are the slot's index.</summary>
    public const int IndexBits = 22;

    public const int IndexMask = (1 << IndexBits) - 1;

    /// <summary>Bits of the generation a handle carries: all that is left of a non-negative int.</summary>
    private const int GenerationMask = (1 << (31 - IndexBits)) - 1;

    /// <summary>Losing this many races for one seat in a row means somebody else took it.</summary>
    private const int TriesMax = 1_000;

    public static int Handle(int index, long seatWord) => index | ((int)(seatWord >> 32) & GenerationMask) << IndexBits;

    public static int Connections(long seatWord) => (int)seatWord;

    public static bool IsSameGeneration(int handle, long seatWord) =>
        handle >> IndexBits == ((int)(seatWord >> 32) & GenerationMask);

    /// <summary>
    /// Takes a seat, never above <paramref name="hardLimit"/> (0 is none), whatever other threads do.
    /// </summary>
    public static bool TryReserve(ref long seatWord, int handle, int hardLimit)
    {
        for (int tries = 0; tries < TriesMax; tries++)
        {
            long seen = Volatile.Read(ref seatWord);
            if (!IsSameGeneration(handle, seen)) { return false; }
            int connections = Connections(seen);
            if ((hardLimit > 0 && connections >= hardLimit) || connections == int.MaxValue) { return false; }
            if (Interlocked.CompareExchange(ref seatWord, seen + 1, seen) == seen) { return true; }
        }

        return false;
    }

    /// <summary>Gives a seat back. The holder's own seat keeps the slot from changing hands.</summary>
    public static void Release(ref long seatWord, int handle)
    {
        long left = Interlocked.Decrement(ref seatWord);
        Invariant.Holds(Connections(left) >= 0 && IsSameGeneration(handle, left));
    }

    /// <summary>Ends the slot's generation if nobody sits on it.</summary>
    public static bool TryRetire(ref long seatWord)
    {
        long seen = Volatile.Read(ref seatWord);
        return Connections(seen) == 0
            && Interlocked.CompareExchange(ref seatWord, seen + (1L << 32), seen) == seen;
    }
}
