using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary>How many descriptors this process may have (getrlimit(2), RLIMIT_NOFILE).</summary>
public static unsafe class DescriptorLimit
{
    private const int RLIMIT_NOFILE = 7;

    /// <summary>Raises the soft limit to the hard one, which needs no right.</summary>
    /// <returns>The limit in force afterwards.</returns>
    public static long Raise()
    {
        ResourceLimit limit;
        if (getrlimit(RLIMIT_NOFILE, &limit) != 0) { return 0; }
        if (limit.Soft < limit.Hard)
        {
            ResourceLimit raised = new() { Soft = limit.Hard, Hard = limit.Hard };
            if (setrlimit(RLIMIT_NOFILE, &raised) == 0) { limit = raised; }
        }

        return (long)Math.Min(limit.Soft, long.MaxValue);
    }

    [DllImport("libc")]
    private static extern int getrlimit(int resource, ResourceLimit* limit);

    [DllImport("libc")]
    private static extern int setrlimit(int resource, ResourceLimit* limit);

    /// <summary><c>struct rlimit</c> with 64-bit fields.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        internal ulong Soft;
        internal ulong Hard;
    }
}
