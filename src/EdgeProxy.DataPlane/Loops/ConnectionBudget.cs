namespace EdgeProxy.DataPlane;

/// <summary>
/// The process-wide cap on connections, shared by all loops: SO_REUSEPORT spreads unevenly, so a cap per loop would
/// turn clients away long before the sum is reached. It is never exceeded by a client that could wait.
/// </summary>
/// <param name="connectionsMax">Connections of the whole process.</param>
/// <param name="burstMax">
/// What one accept that stays armed may bring before a cancel takes: the kernel delivers a whole accept queue at once.
/// So many places are kept free for each that is armed, by whichever loop.
/// </param>
public sealed class ConnectionBudget(int connectionsMax, int burstMax = ConnectionBudget.UsualBurst)
{
    /// <summary>The kernel's default net.core.somaxconn.</summary>
    private const int UsualBurst = 4096;

    private Loop[] _loops = [];
    private int _current;
    private int _armed;

    public int Max { get; } = connectionsMax;

    public int Current => Volatile.Read(ref _current);

    internal int Left => Max - Current;

    /// <summary>The accepts that stay armed might together bring more than there are places for.</summary>
    internal bool IsTight => Left <= Burst(Volatile.Read(ref _armed));

    internal void Join(Loop loop)
    {
        Loop[] before = _loops;
        while (Interlocked.CompareExchange(ref _loops, [.. before, loop], before) != before) { before = _loops; }
    }

    /// <summary>A place for a client that is there already.</summary>
    internal void Take() => Interlocked.Increment(ref _current);

    /// <summary>
    /// A place for a client that can wait; false when there is none, or none that is not kept for a burst.
    /// </summary>
    internal bool TryTake()
    {
        while (true)
        {
            int current = Current;
            if (Max - current <= Burst(Volatile.Read(ref _armed))) { return false; }
            if (Interlocked.CompareExchange(ref _current, current + 1, current) == current) { return true; }
        }
    }

    internal void Give() => Interlocked.Decrement(ref _current);

    /// <summary>Whether an accept may stay armed; if so, end it with <see cref="Disarm"/>.</summary>
    internal bool TryArm()
    {
        int armed = Interlocked.Increment(ref _armed);
        if (Left > Burst(armed + 1)) { return true; } // One more: for what is taken by others just now.
        Disarm();
        return false;
    }

    internal void Disarm() => Interlocked.Decrement(ref _armed);

    /// <summary>
    /// Places are few: asks every other loop to leave none armed, so that what is kept for them is free.
    /// </summary>
    internal void AskForCare(Loop asker)
    {
        if (Volatile.Read(ref _armed) == 0) { return; }
        foreach (Loop loop in _loops)
        {
            if (!ReferenceEquals(loop, asker)) { loop.PostAcceptCarefully(); }
        }
    }

    private long Burst(int armed) => (long)armed * burstMax;
}
