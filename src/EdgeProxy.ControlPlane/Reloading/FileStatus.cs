namespace EdgeProxy.ControlPlane;

/// <summary>
/// What is known of a followed file (routing.db, the geo file): written by the reload thread, read by anybody. Looking
/// at an unchanged file allocates nothing, so following a quiet file for ever costs the collector nothing.
/// </summary>
internal sealed class FileStatus
{
    private readonly long[] _counts = new long[Enum.GetValues<ReloadOutcome>().Length];
    private readonly TimeProvider _time;
    private volatile string? _error;
    private long _confirmedAt;
    private long _changedUnixMs;

    public FileStatus(TimeProvider time)
    {
        _time = time;
        _confirmedAt = time.GetTimestamp();
    }

    /// <summary>Why the last look failed, with the cure; null when it did not.</summary>
    public string? Error => _error;

    /// <summary>Seconds since what is in use was last known to be what the file says.</summary>
    public double AgeSeconds => _time.GetElapsedTime(Volatile.Read(ref _confirmedAt)).TotalSeconds;

    /// <summary>When what is in use was put to use, in milliseconds of Unix time; 0 for never.</summary>
    public long ChangedUnixMs => Volatile.Read(ref _changedUnixMs);

    public long Count(ReloadOutcome outcome) => Volatile.Read(ref _counts[(int)outcome]);

    /// <summary>The file was read and put to use.</summary>
    public void Applied(ReloadOutcome outcome)
    {
        _counts[(int)outcome]++;
        Volatile.Write(ref _changedUnixMs, _time.GetUtcNow().ToUnixTimeMilliseconds());
        Confirmed();
    }

    /// <summary>The file is as it was when it was last read.</summary>
    public void Confirmed()
    {
        Volatile.Write(ref _confirmedAt, _time.GetTimestamp());
        _error = null;
    }

    /// <summary>The file could not be used.</summary>
    /// <returns>True when that is news: another reason than last time.</returns>
    public bool Failed(string error)
    {
        _counts[(int)ReloadOutcome.Failed]++;
        bool news = _error != error;
        _error = error;
        return news;
    }

    /// <summary>What is in use comes from a copy: it is as old as the copy.</summary>
    public void AppliedFromCopy(string error)
    {
        Volatile.Write(ref _changedUnixMs, _time.GetUtcNow().ToUnixTimeMilliseconds());
        _error = error;
    }
}
