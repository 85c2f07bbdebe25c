namespace EdgeProxy.DataPlane;

/// <summary>
/// The process-wide cap on connections, shared by all loops: SO_REUSEPORT spreads unevenly, so a cap per loop would
/// turn clients away long before the sum is reached.
/// </summary>
public sealed class ConnectionBudget(int connectionsMax)
{
    private int _current;

    public int Max { get; } = connectionsMax;

    public int Current => Volatile.Read(ref _current);

    internal int Left => Max - Current;

    internal void Take() => Interlocked.Increment(ref _current);

    internal void Give() => Interlocked.Decrement(ref _current);
}
