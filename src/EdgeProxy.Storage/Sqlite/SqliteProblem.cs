namespace EdgeProxy.Storage;

/// <summary>Turns a result code into what a person can act on.</summary>
internal static class SqliteProblem
{
    private const string Restore = "Restore it from a backup or from the last good copy beside it, or make a new one with: "
        + "edgeproxy db init";

    /// <summary>Describes <paramref name="code"/>, the outcome of <paramref name="connection"/>'s last call.</summary>
    public static StorageProblem From(string file, SqliteCode code, SqliteConnection connection)
    {
        if (connection.LimitMet)
        {
            return new StorageProblem(
                StorageProblemKind.TooBig,
                file,
                $"takes more than {StorageLimits.LoadTimeoutMs / 1000} s or {StorageLimits.InstructionsMax:N0} steps to read",
                "Look for a damaged or planted table, or a disk that hardly answers.");
        }

        if (!File.Exists(file))
        {
            return new StorageProblem(
                StorageProblemKind.Missing,
                file,
                Directory.Exists(file) ? "is a directory" : "does not exist",
                $"Check the path, or make a new file with: edgeproxy db init {file}");
        }

        (StorageProblemKind kind, string what, string cure) = Describe(file, code);
        return new StorageProblem(kind, file, $"{what} (SQLite {(int)code}: {connection.ErrorText})", cure);
    }

    private static (StorageProblemKind Kind, string What, string Cure) Describe(string file, SqliteCode code) => code switch
    {
        SqliteCode.ReadOnlyRollback => (
            StorageProblemKind.Denied,
            "was left in the middle of a commit, and a reader may not finish it",
            $"Let a writer finish it: sqlite3 {file} 'PRAGMA quick_check'"),
        SqliteCode.ReadOnlyCantInit or SqliteCode.ReadOnlyDirectory => (
            StorageProblemKind.Denied,
            "is in write-ahead-log mode and its directory may not be written",
            $"Give this user write permission on the directory, or run: sqlite3 {file} 'PRAGMA journal_mode=DELETE'"),
        _ => DescribePrimary((SqliteCode)((int)code & 0xFF)),
    };

    private static (StorageProblemKind Kind, string What, string Cure) DescribePrimary(SqliteCode code) => code switch
    {
        SqliteCode.Busy or SqliteCode.Locked => (
            StorageProblemKind.Locked,
            "is locked by another process",
            "It is tried again by itself; find a transaction somebody left open with: fuser -v on the file."),
        SqliteCode.NotADatabase => (StorageProblemKind.NotADatabase, "is not an SQLite database", Restore),
        SqliteCode.Corrupt => (StorageProblemKind.Corrupt, "is damaged", Restore),
        SqliteCode.CantOpen or SqliteCode.Perm or SqliteCode.ReadOnly or SqliteCode.Auth => (
            StorageProblemKind.Denied,
            "cannot be opened",
            "Check the permissions of the file, its -wal and -shm files and its directory."),
        SqliteCode.TooBig => (
            StorageProblemKind.TooBig,
            $"holds a value of more than {StorageLimits.ValueBytesMax:N0} bytes",
            "Find and shorten it; no value of a routing table is that long."),
        SqliteCode.Full => (StorageProblemKind.Io, "has no room left on its disk", "Free some space."),
        SqliteCode.IoError => (StorageProblemKind.Io, "cannot be read or written", "Check the disk and the kernel's log."),
        SqliteCode.NoMemory => (StorageProblemKind.Io, "needs more memory than there is", "Free some memory."),
        SqliteCode.Constraint => (StorageProblemKind.Refused, "does not allow that", "See the constraint that is named."),
        _ => (StorageProblemKind.Structure, "has a schema this program cannot read", "Compare with: edgeproxy db init"),
    };
}
