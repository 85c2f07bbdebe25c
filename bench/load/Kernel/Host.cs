namespace EdgeProxy.Load;

/// <summary>What the generator asks of the machine for itself.</summary>
internal static unsafe class Host
{
    private const int RLIMIT_NOFILE = 7;

    /// <summary>Keeps the calling thread on one core; negative leaves it free.</summary>
    public static void Pin(int cpu)
    {
        const int Words = 16;
        if (cpu < 0)
        {
            return;
        }

        ulong* mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        mask[cpu / 64] = 1UL << (cpu % 64);
        if (Libc.sched_setaffinity(0, Words * sizeof(ulong), mask) < 0)
        {
            throw new LoadException($"cannot pin to core {cpu}: errno {Libc.Errno}");
        }
    }

    /// <summary>Raises the soft descriptor limit to the hard one and returns it.</summary>
    public static int RaiseDescriptorLimit()
    {
        ulong* limits = stackalloc ulong[2];
        _ = Libc.getrlimit(RLIMIT_NOFILE, limits);
        limits[0] = limits[1];
        _ = Libc.setrlimit(RLIMIT_NOFILE, limits);
        return (int)Math.Min(limits[0], 1_048_576);
    }
}
