using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary>Whether something keeps the wall clock right (adjtimex(2)).</summary>
public static unsafe class ClockSync
{
    private const int TimexLongs = 26; // sizeof(struct timex) is 208 bytes on 64-bit Linux.
    private const int StatusLong = 5;  // int status at byte 40, after modes, offset, freq, maxerror and esterror.
    private const int MaxErrorLong = 3;
    private const long STA_UNSYNC = 0x0040;

    /// <summary>Asks the kernel, changing nothing.</summary>
    /// <param name="maxErrorUs">The largest error the kernel believes possible, in microseconds.</param>
    /// <returns>true when the clock is kept right by NTP, PTP or the host of a virtual machine.</returns>
    public static bool IsSynchronised(out long maxErrorUs)
    {
        long* timex = stackalloc long[TimexLongs];
        new Span<long>(timex, TimexLongs).Clear(); // modes = 0: read only.
        int state = adjtimex(timex);
        maxErrorUs = timex[MaxErrorLong];
        return state >= 0 && ((int)timex[StatusLong] & STA_UNSYNC) == 0;
    }

    [DllImport("libc")]
    private static extern int adjtimex(long* timex);
}
