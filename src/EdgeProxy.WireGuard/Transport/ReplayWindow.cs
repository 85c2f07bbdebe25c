namespace EdgeProxy.WireGuard;

/// <summary>
/// Which counters have been seen: a ring of bits behind the highest one (RFC 6479), remembering at least
/// <see cref="Size"/> of them. Guarded by its owner.
/// </summary>
internal sealed class ReplayWindow
{
    private const int WordBits = 64;
    private const int Words = 128;

    /// <summary>The word the highest counter is in may hold one bit only, so it does not count.</summary>
    public const int Size = (Words - 1) * WordBits;

    private readonly ulong[] _bits = new ulong[Words];
    private ulong _next; // One above the highest counter seen.

    /// <summary>
    /// Certainly too old; asked without the guard before the work of opening is done, and asked again after it.
    /// </summary>
    public bool IsBehind(ulong counter) => counter < Volatile.Read(ref _next) && _next - counter > Size;

    /// <returns>False when the counter was seen before or is too far behind to know.</returns>
    public bool TryAccept(ulong counter)
    {
        if (IsBehind(counter)) { return false; }
        ulong word = counter / WordBits;
        if (counter >= _next)
        {
            Forget(_next == 0 ? 0 : (_next - 1) / WordBits, word);
            Volatile.Write(ref _next, counter + 1);
        }

        ulong bit = 1UL << (int)(counter % WordBits);
        ref ulong bits = ref _bits[word % Words];
        if ((bits & bit) != 0) { return false; }
        bits |= bit;
        return true;
    }

    /// <summary>Clears what the ring held where it now goes on: all of it at most.</summary>
    private void Forget(ulong from, ulong to)
    {
        ulong steps = Math.Min(to - from, Words);
        for (ulong i = 1; i <= steps; i++) { _bits[(from + i) % Words] = 0; }
    }
}
