using System.Diagnostics;

namespace EdgeProxy.Load;

/// <summary>How long was measured, and what the proxy and the load itself used in that time.</summary>
internal sealed record Measurement(double Seconds, ProcessUsage Proxy, ProcessUsage Load, ProcessMemory Memory)
{
    public static Start Begin(IReadOnlyList<int> pids) =>
        new(ProcessUsage.Read(pids), ProcessUsage.Read([Environment.ProcessId]), Stopwatch.GetTimestamp());

    public static Measurement End(in Start start, IReadOnlyList<int> pids)
    {
        double seconds = Stopwatch.GetElapsedTime(start.Timestamp).TotalSeconds;
        return new Measurement(
            seconds,
            ProcessUsage.Read(pids).Since(start.Proxy),
            ProcessUsage.Read([Environment.ProcessId]).Since(start.Load),
            ProcessMemory.Read(pids));
    }

    internal readonly record struct Start(ProcessUsage Proxy, ProcessUsage Load, long Timestamp);
}
