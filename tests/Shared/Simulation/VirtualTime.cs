namespace EdgeProxy.Testing;

/// <summary>A clock that moves only when something happens, and what is to happen on it, in order.</summary>
public sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private long _order;

    /// <summary>Nanoseconds since the start of the simulation, which is not zero, as a host's is not.</summary>
    public long NowNs { get; private set; } = 1_000_000_000;

    /// <summary>Events that have happened so far.</summary>
    public long EventsRun { get; private set; }

    public void After(long delayNs, Action action) => At(NowNs + delayNs, action);

    /// <summary>Events of the same instant happen in the order they were made.</summary>
    public void At(long ns, Action action) => _events.Enqueue(action, (Math.Max(ns, NowNs), _order++));

    /// <summary>Moves to the next event and runs it; false when there is none until <paramref name="limitNs"/>.</summary>
    public bool RunNext(long limitNs)
    {
        if (!_events.TryPeek(out _, out (long At, long Order) next) || next.At > limitNs) { return false; }
        Action action = _events.Dequeue();
        MoveTo(next.At);
        EventsRun++;
        action();
        return true;
    }

    /// <summary>Runs everything that is due.</summary>
    public void RunDue()
    {
        while (RunNext(NowNs)) { }
    }

    /// <summary>Lets time pass; what fell due meanwhile runs with the next <see cref="RunNext"/>.</summary>
    public void Pass(long ns) => NowNs += ns;

    /// <summary>Moves to a moment without running anything; never back.</summary>
    public void MoveTo(long ns) => NowNs = Math.Max(NowNs, ns);
}
