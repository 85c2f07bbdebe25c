using EdgeProxy.Routing;

namespace EdgeProxy.Storage;

/// <summary>
/// A routing.db that is followed: loaded, watched by name and loaded again. No connection stays open between loads, so
/// the proxy never keeps a writer from ending write-ahead-log mode or from tidying its log away. One thread at a time.
/// </summary>
/// <param name="path">The file; it need not exist yet.</param>
/// <param name="stat">Looks at a file by name, links followed; default where there is none. Storage makes no system
/// calls.</param>
/// <remarks>
/// A load that fails changes nothing, here or in what is in use; <see cref="MayHaveChanged"/> says when the next one is
/// worth trying. docs/decisions/0031-watching-by-name.md says why the file is not watched through SQLite.
/// </remarks>
public sealed class RoutingDb(string path, Func<string, FileStamp> stat)
{
    private readonly string _logPath = path + "-wal";
    private DatabaseStamp _stamp;
    private DatabaseStamp _logOwner;
    private bool _loaded;
    private bool _tryAgain = true;

    public string Path => path;

    /// <summary>
    /// Whether a load may find anything else than the last one did: true after a commit of any process, after the file
    /// was replaced, overwritten, removed or put back, and as long as the last load failed for a reason that may pass
    /// by itself. Sometimes true for nothing (a rollback, a checkpoint), never false for something. Costs two statx
    /// calls and allocates nothing: for every wake-up of a watch on the directory and for the polling interval.
    /// </summary>
    public bool MayHaveChanged() =>
        _tryAgain || !_stamp.IsSettled || !DatabaseStamp.Take(stat, path, _logPath).IsUnchangedFrom(_stamp);

    /// <summary>
    /// Hands every row to <paramref name="builder"/>, all from one transaction's snapshot. A row that cannot be read as
    /// its columns' types becomes the builder's <see cref="RowProblem"/>; what concerns the file becomes the result's.
    /// </summary>
    public LoadResult Load(RoutingTableBuilder builder)
    {
        _stamp = DatabaseStamp.Take(stat, path, _logPath); // Before reading: what comes later shows.
        bool foreignLog = _stamp.HasForeignLog(_logOwner);
        LoadResult result = foreignLog ? new LoadResult(ForeignLog(), 0) : RoutingDbReader.Read(path, builder);
        if (!foreignLog && !_stamp.IsMissing) { _logOwner = _stamp; } // Else a log that stays keeps its owner.
        _loaded = result.Problem is null;
        _tryAgain = result.Problem?.Kind is StorageProblemKind.Locked or StorageProblemKind.Denied or StorageProblemKind.Io;
        return result;
    }

    /// <summary>
    /// Copies what the last load read to <paramref name="target"/>, by way of a new file and rename(2): a start that
    /// finds the original unreadable loads the copy, and <c>cp</c> brings it back. To be called after the table was
    /// accepted.
    /// </summary>
    /// <returns>
    /// Not written and no problem when the file has changed since the load, or may just be changing: the next load is
    /// due, and the copy after it.
    /// </returns>
    public CopyResult CopyTo(string target)
    {
        if (!_loaded || MayHaveChanged()) { return default; }
        if (_stamp.Length > StorageLimits.CopyBytesMax)
        {
            return new CopyResult(false, new StorageProblem(
                StorageProblemKind.TooBig,
                path,
                $"is larger than {StorageLimits.CopyBytesMax:N0} bytes, so no last good copy of it is kept",
                $"Shrink it: sqlite3 {path} VACUUM"));
        }

        return LastGoodCopy.Write(path, target, () => !MayHaveChanged());
    }

    private StorageProblem ForeignLog() => new(
        StorageProblemKind.Corrupt,
        path,
        $"was replaced, and {_logPath} still belongs to the file it replaced",
        $"When nobody uses the old file any more: rm {_logPath} {path}-shm. Next time replace the content instead of the "
        + $"file: sqlite3 {path} '.restore NEW'");
}
