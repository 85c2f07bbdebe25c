namespace EdgeProxy.Linux;

/// <summary>CLOCK_MONOTONIC (clock_gettime(2)): the one clock of every deadline.</summary>
public static unsafe class MonotonicClock
{
    public static long ReadNs()
    {
        TimeSpec now;
        Libc.clock_gettime(Kernel.CLOCK_MONOTONIC, &now);
        return (now.Seconds * TimeSpec.NsPerSecond) + now.Nanoseconds;
    }
}
