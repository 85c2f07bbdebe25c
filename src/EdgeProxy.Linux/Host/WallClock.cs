namespace EdgeProxy.Linux;

/// <summary>
/// CLOCK_REALTIME (clock_gettime(2)): what goes into messages that other hosts compare, never a deadline.
/// </summary>
public static unsafe class WallClock
{
    /// <summary>Nanoseconds since 1970 in UTC.</summary>
    public static long ReadUnixNs()
    {
        TimeSpec now;
        Libc.clock_gettime(Kernel.CLOCK_REALTIME, &now);
        return (now.Seconds * TimeSpec.NsPerSecond) + now.Nanoseconds;
    }
}
