namespace EdgeProxy.WireGuard;

/// <summary>Keeps threads apart for a few nanoseconds at a time, without the collector or the kernel.</summary>
internal struct SpinGate
{
    private int _taken;

    public void Enter()
    {
        if (Interlocked.CompareExchange(ref _taken, 1, 0) == 0) { return; }
        SpinWait spin = default;
        do { spin.SpinOnce(sleep1Threshold: -1); }
        while (Interlocked.CompareExchange(ref _taken, 1, 0) != 0);
    }

    public void Leave() => Volatile.Write(ref _taken, 0);
}
