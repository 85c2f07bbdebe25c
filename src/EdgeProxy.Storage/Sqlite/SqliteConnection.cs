using System.Runtime.InteropServices;
using System.Text;
using static EdgeProxy.Storage.NativeSqlite;

namespace EdgeProxy.Storage;

/// <summary>
/// One connection, set up to distrust the file: functions in its schema may do no harm, its views are never expanded,
/// extensions never loaded, nothing is mapped into memory, sizes and steps are bounded. A reader fires no trigger; a
/// writer does, as any other tool would, because whoever made the file wants that. Not for two threads at once.
/// </summary>
/// <remarks>https://www.sqlite.org/security.html lists these settings for databases of unknown origin.</remarks>
internal sealed unsafe class SqliteConnection : IDisposable
{
    private readonly StepBudget _budget = new();
    private nint _db;

    private SqliteConnection(nint db) => _db = db;

    /// <summary>Rows the last statement changed.</summary>
    public int Changes => sqlite3_changes(_db);

    /// <summary>The last call's result in SQLite's words.</summary>
    public string ErrorText => Marshal.PtrToStringUTF8((nint)sqlite3_errmsg(_db)) ?? "";

    public SqliteCode ErrorCode => sqlite3_extended_errcode(_db);

    /// <summary>A statement ended because it met the bounds of <see cref="Limit"/>.</summary>
    public bool LimitMet => _budget.Spent;

    /// <summary>Another file has taken the name this one was opened by, or none has it any more.</summary>
    public bool HasMoved
    {
        get
        {
            int moved = 0;
            SqliteCode code = sqlite3_file_control(_db, null, SQLITE_FCNTL_HAS_MOVED, &moved);
            return code != SqliteCode.Ok || moved != 0;
        }
    }

    /// <summary>Opens for reading only; nothing is read yet, so a file that is no database opens too.</summary>
    public static SqliteCode OpenReader(string path, int busyTimeoutMs, out SqliteConnection connection)
    {
        SqliteCode code = Open(path, SQLITE_OPEN_READONLY, busyTimeoutMs, out connection);
        if (code != SqliteCode.Ok) { return code; }
        sqlite3_db_config(connection._db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, null);
        return connection.Execute("PRAGMA query_only=1");
    }

    /// <summary>Opens for writing; the file is made when <paramref name="create"/> asks for it.</summary>
    public static SqliteCode OpenWriter(string path, bool create, int busyTimeoutMs, out SqliteConnection connection)
    {
        int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
        return Open(path, flags, busyTimeoutMs, out connection);
    }

    /// <summary>Bounds everything that follows, until the next call.</summary>
    public void Limit(long instructionsMax, int timeoutMs) => _budget.Start(instructionsMax, timeoutMs);

    /// <summary>Compiles one statement; when the result is not Ok there is none.</summary>
    public SqliteCode Prepare(string sql, out SqliteStatement statement)
    {
        nint handle = 0;
        byte[] text = Encoding.UTF8.GetBytes(sql);
        SqliteCode code;
        fixed (byte* start = text) { code = sqlite3_prepare_v2(_db, start, text.Length, &handle, null); }
        statement = new SqliteStatement(handle);
        return code;
    }

    /// <summary>Runs one statement to its end and ignores its rows.</summary>
    public SqliteCode Execute(string sql)
    {
        SqliteCode code = Prepare(sql, out SqliteStatement statement);
        using (statement)
        {
            if (code != SqliteCode.Ok) { return code; }
            do { code = statement.Step(); } while (code == SqliteCode.Row);
            return code == SqliteCode.Done ? SqliteCode.Ok : code;
        }
    }

    /// <summary>Copies the whole database into another connection's, page by page, as one snapshot.</summary>
    public SqliteCode CopyTo(SqliteConnection target)
    {
        ReadOnlySpan<byte> main = "main\0"u8;
        fixed (byte* schema = main)
        {
            nint backup = sqlite3_backup_init(target._db, schema, _db, schema);
            if (backup == 0) { return target.ErrorCode; }
            SqliteCode code = sqlite3_backup_step(backup, -1);
            SqliteCode finished = sqlite3_backup_finish(backup);
            return code == SqliteCode.Done ? finished : code;
        }
    }

    public void Dispose()
    {
        sqlite3_close_v2(_db);
        _db = 0;
        _budget.Dispose();
    }

    private static SqliteCode Open(string path, int flags, int busyTimeoutMs, out SqliteConnection connection)
    {
        nint db = 0;
        SqliteCode code;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            code = sqlite3_open_v2(name, &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, null);
        }

        connection = new SqliteConnection(db);
        return code != SqliteCode.Ok ? code : connection.Harden(busyTimeoutMs);
    }

    private SqliteCode Harden(int busyTimeoutMs)
    {
        _budget.Start(long.MaxValue, int.MaxValue);
        _budget.Watch(_db);
        sqlite3_busy_timeout(_db, busyTimeoutMs);
        sqlite3_db_config(_db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, null);
        sqlite3_db_config(_db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, null);
        sqlite3_db_config(_db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, null);
        sqlite3_db_config(_db, SQLITE_DBCONFIG_DEFENSIVE, 1, null);
        _ = sqlite3_limit(_db, SQLITE_LIMIT_LENGTH, StorageLimits.ValueBytesMax);
        _ = sqlite3_limit(_db, SQLITE_LIMIT_SQL_LENGTH, StorageLimits.ValueBytesMax);
        _ = sqlite3_limit(_db, SQLITE_LIMIT_ATTACHED, 0);
        _ = sqlite3_limit(_db, SQLITE_LIMIT_WORKER_THREADS, 0);

        // A mapped file that somebody truncates ends the process with SIGBUS; read(2) returns an error instead.
        return Execute("PRAGMA mmap_size=0");
    }
}
