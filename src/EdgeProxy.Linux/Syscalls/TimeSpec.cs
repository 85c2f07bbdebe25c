using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary><c>struct __kernel_timespec</c>: 16 bytes on every 64-bit architecture.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    internal const long NsPerSecond = 1_000_000_000;

    internal long Seconds;
    internal long Nanoseconds;

    internal static TimeSpec FromNs(long ns) => new() { Seconds = ns / NsPerSecond, Nanoseconds = ns % NsPerSecond };
}
