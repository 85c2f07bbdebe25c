using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary>
/// How far the calling thread stands back when others want its core (setpriority(2), which on Linux is about one
/// thread).
/// </summary>
public static class Niceness
{
    private const int PRIO_PROCESS = 0;
    private const int CallingThread = 0;
    private const int LeastNice = 19;

    /// <summary>
    /// What the thread does from now on waits for whoever else has work, but never for ever. Needs no right.
    /// </summary>
    public static void Raise() => _ = setpriority(PRIO_PROCESS, CallingThread, LeastNice);

    [DllImport("libc")]
    private static extern int setpriority(int which, uint who, int priority);
}
