namespace EdgeProxy.Storage;

/// <summary>
/// The copy of a routing.db that serves a start when the original cannot be read: the same pages, so it is loaded as
/// any routing.db is, and copying it back restores everything the original held.
/// </summary>
public static class LastGoodCopy
{
    /// <summary>
    /// Where the copy of <paramref name="path"/> is kept: beside it, or in a directory for such state.
    /// </summary>
    public static string PathOf(string path, string? stateDirectory) =>
        (stateDirectory is null ? path : Path.Combine(stateDirectory, Path.GetFileName(path))) + ".last-good";

    /// <param name="source">The file to copy.</param>
    /// <param name="target">Replaced by rename(2), so it is whole at every moment.</param>
    /// <param name="isStillGood">Asked when the copy is done: whether the source has stayed what was found
    /// good.</param>
    internal static CopyResult Write(string source, string target, Func<bool> isStillGood)
    {
        string unfinished = target + ".new";
        try
        {
            CreateLike(source, unfinished);
            StorageProblem? problem = Copy(source, unfinished);
            if (problem is not null || !isStillGood())
            {
                File.Delete(unfinished);
                return new CopyResult(false, problem is { IsTransient: false } ? problem : null);
            }

            using (FileStream copy = File.OpenWrite(unfinished)) { copy.Flush(flushToDisk: true); }
            File.Move(unfinished, target, overwrite: true);
            return new CopyResult(true, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new CopyResult(false, new StorageProblem(
                StorageProblemKind.Io,
                target,
                $"cannot be written ({error.Message})",
                "Give this user write permission on its directory and room on the disk; until then a start needs the original."));
        }
    }

    /// <summary>
    /// Makes an empty file as readable as the source from its first moment on. Nothing is followed or reused: whatever
    /// had the name is removed, and must stay so.
    /// </summary>
    private static void CreateLike(string source, string name)
    {
        File.Delete(name);
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = File.GetUnixFileMode(source) | UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        new FileStream(name, options).Dispose();
    }

    private static StorageProblem? Copy(string source, string target)
    {
        SqliteCode code = SqliteConnection.OpenReader(source, StorageLimits.ReaderBusyTimeoutMs, out SqliteConnection from);
        using (from)
        {
            if (code != SqliteCode.Ok) { return SqliteProblem.From(source, code, from); }
            from.Limit(StorageLimits.InstructionsMax, StorageLimits.LoadTimeoutMs);
            code = SqliteConnection.OpenWriter(target, create: false, StorageLimits.ReaderBusyTimeoutMs, out SqliteConnection to);
            using (to)
            {
                // Nobody reads the new file before it is renamed, so it needs no journal and one flush at the end.
                if (code == SqliteCode.Ok) { code = to.Execute("PRAGMA synchronous=OFF"); }
                if (code == SqliteCode.Ok) { code = from.CopyTo(to); }

                // A copied write-ahead-log mode would ask for two more files wherever the copy is read.
                if (code == SqliteCode.Ok) { code = to.Execute("PRAGMA journal_mode=DELETE"); }
                return code == SqliteCode.Ok ? null : SqliteProblem.From(target, code, to);
            }
        }
    }
}
