namespace EdgeProxy.Storage;

/// <summary>
/// A database's file and its write-ahead log, looked at together: every commit of any process changes one of the two.
/// </summary>
internal readonly struct DatabaseStamp
{
    /// <summary>
    /// A commit in the log shows in the file first, is then synced, and only after that made visible to readers, in the
    /// shared memory beside it, which dates nothing (walformat.html, 2.3). A load within that time reads the state
    /// before, of a file that will not look any different after: it is looked at once more when a sync must be over.
    /// </summary>
    private const long LogSettlesNs = 1_000_000_000;

    private readonly FileStamp _main;
    private readonly FileStamp _log;

    private DatabaseStamp(in FileStamp main, in FileStamp log)
    {
        _main = main;
        _log = log;
    }

    public bool IsMissing => _main.IsMissing;

    /// <summary>Bytes of both.</summary>
    public long Length => _main.Length + _log.Length;

    /// <summary>A change after this look would show.</summary>
    public bool IsSettled => (_main.IsMissing || _main.IsSettled) && (_log.IsMissing || _log.ModifiedNs + LogSettlesNs < _log.TakenNs);

    public static DatabaseStamp Take(Func<string, FileStamp> stat, string path, string logPath)
    {
        FileStamp main = stat(path);
        FileStamp log = stat(logPath);

        // A reader may leave an empty log behind. Whoever opens the log as root sets its owner, which changes its ctime
        // (robustFchown in os_unix.c): a reader that watched that would follow its own footsteps for ever.
        log = log.Length == 0 ? default : log with { ChangedNs = log.ModifiedNs };
        return new DatabaseStamp(main, log);
    }

    public bool IsUnchangedFrom(in DatabaseStamp earlier) =>
        _main.IsUnchangedFrom(earlier._main) && _log.IsUnchangedFrom(earlier._log);

    /// <summary>
    /// The file is another one than before, and the log is still the other one's: SQLite would lay the old pages over
    /// the new file, and could not tell.
    /// </summary>
    public bool HasForeignLog(in DatabaseStamp earlier) =>
        !earlier._main.IsMissing && !earlier._log.IsMissing && !_main.IsMissing && !_log.IsMissing
        && !_main.IsSameFileAs(earlier._main) && _log.IsSameFileAs(earlier._log);
}
