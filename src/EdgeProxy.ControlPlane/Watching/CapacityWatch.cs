using EdgeProxy.Telemetry;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Says in the log when the host gets short: once when descriptors come near their limit, and once per interval while
/// accepting rests for want of descriptors or memory, or fails for another reason. The counters say how often; one
/// thread looks.
/// </summary>
internal sealed class CapacityWatch(IReadOnlyList<LoopCounters> loops, EventLog log) : IDisposable
{
    private const int WarnPercent = 80;

    /// <summary>
    /// Below it the warning may come again: well under the other, so that a count around 80 % is not a stream of lines.
    /// </summary>
    private const int CalmPercent = 70;

    private const int CountEveryMs = 1_000;
    private const int RepeatMs = 10_000;

    private readonly ProcessFigures _figures = new();
    private long _nextCountMs;
    private long _nextShortageMs;
    private long _pausesReported;
    private long _nextFailureMs;
    private long _failuresReported;
    private bool _warned;

    public void Look(long nowMs)
    {
        LookForShortage(nowMs);
        LookForFailures(nowMs);
        if (nowMs < _nextCountMs) { return; }
        _nextCountMs = nowMs + CountEveryMs;
        LookAtDescriptors();
    }

    public void Dispose() => _figures.Dispose();

    private void LookForShortage(long nowMs)
    {
        long pauses = 0;
        for (int i = 0; i < loops.Count; i++) { pauses += Volatile.Read(ref loops[i].AcceptPauses); }
        if (pauses == _pausesReported || nowMs < _nextShortageMs) { return; }
        log.Begin(LogLevel.Warn, "accepting rests: the host is out of descriptors or memory")
            .With("times", pauses - _pausesReported)
            .With("cure", "raise LimitNOFILE= of the unit or fs.nr_open, or set EDGEPROXY_MAX_CONNECTIONS lower; edgeproxy doctor shows the limits")
            .Write();
        _pausesReported = pauses;
        _nextShortageMs = nowMs + RepeatMs;
    }

    private void LookForFailures(long nowMs)
    {
        long failures = 0;
        long errno = 0;
        for (int i = 0; i < loops.Count; i++)
        {
            long ofLoop = Volatile.Read(ref loops[i].AcceptFailures);
            failures += ofLoop;
            if (ofLoop > 0) { errno = Volatile.Read(ref loops[i].AcceptLastErrno); }
        }

        if (failures == _failuresReported || nowMs < _nextFailureMs) { return; }
        log.Begin(LogLevel.Warn, "accepting a client failed").With("times", failures - _failuresReported)
            .With("errno", errno)
            .With("cure", "errno(3) names it; 1 and 13 point at a firewall or a security module, the rest at clients")
            .Write();
        _failuresReported = failures;
        _nextFailureMs = nowMs + RepeatMs;
    }

    private void LookAtDescriptors()
    {
        _figures.Refresh();
        long max = _figures.DescriptorsMax;
        long used = _figures.Descriptors >= 0 ? _figures.Descriptors : max; // Not even one was left to count with.
        if (used * 100 < max * CalmPercent) { _warned = false; }
        if (_warned || used * 100 < max * WarnPercent) { return; }
        _warned = true;
        log.Begin(LogLevel.Warn, "descriptors are near their limit").With("used", used).With("max", max)
            .With("cure", "raise LimitNOFILE= of the unit (ulimit -Hn) before it is reached; clients beyond it wait in the accept queue")
            .Write();
    }
}
