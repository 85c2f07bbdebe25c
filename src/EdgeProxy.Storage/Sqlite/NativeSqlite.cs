using System.Runtime.InteropServices;

namespace EdgeProxy.Storage;

/// <summary>
/// SQLite's C interface, as much of it as is used (https://www.sqlite.org/c3ref/funclist.html). The native binary links
/// these in (StaticSqlite.targets), everything else loads the shared library by the name given here.
/// </summary>
/// <remarks>
/// Calls that only read a value already in memory suppress the GC transition: a million rows make thirty million of
/// them. Whatever may touch the file, wait or run a program does not.
/// </remarks>
internal static unsafe partial class NativeSqlite
{
    public const int SQLITE_OPEN_READONLY = 0x1;
    public const int SQLITE_OPEN_READWRITE = 0x2;
    public const int SQLITE_OPEN_CREATE = 0x4;

    /// <summary>No mutex around every call: a connection belongs to one thread at a time.</summary>
    public const int SQLITE_OPEN_NOMUTEX = 0x8000;

    public const int SQLITE_OPEN_EXRESCODE = 0x0200_0000;

    public const int SQLITE_DBCONFIG_ENABLE_TRIGGER = 1003;
    public const int SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION = 1005;
    public const int SQLITE_DBCONFIG_DEFENSIVE = 1010;
    public const int SQLITE_DBCONFIG_ENABLE_VIEW = 1015;
    public const int SQLITE_DBCONFIG_TRUSTED_SCHEMA = 1017;

    public const int SQLITE_LIMIT_LENGTH = 0;
    public const int SQLITE_LIMIT_SQL_LENGTH = 1;
    public const int SQLITE_LIMIT_ATTACHED = 7;
    public const int SQLITE_LIMIT_TRIGGER_DEPTH = 10;
    public const int SQLITE_LIMIT_WORKER_THREADS = 11;

    public const int SQLITE_FCNTL_HAS_MOVED = 20;

    /// <summary>SQLITE_TRANSIENT: SQLite copies a bound value before the call returns.</summary>
    public const nint SQLITE_TRANSIENT = -1;

    private const string Library = "libsqlite3.so.0";

    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_open_v2(byte* path, nint* db, int flags, byte* vfs);

    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_close_v2(nint db);

    [LibraryImport(Library)]
    public static partial byte* sqlite3_errmsg(nint db);

    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_extended_errcode(nint db);

    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_busy_timeout(nint db, int milliseconds);

    [LibraryImport(Library)]
    public static partial int sqlite3_limit(nint db, int limit, int value);

    // Variadic in C. Both calling conventions of Linux (x86-64 and AArch64) pass these few integers as they would pass
    // declared parameters.
    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_db_config(nint db, int option, int value, int* result);

    [LibraryImport(Library)]
    public static partial void sqlite3_progress_handler(
        nint db, int instructions, delegate* unmanaged[Cdecl]<void*, int> handler, void* argument);

    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_file_control(nint db, byte* schema, int operation, void* argument);

    [LibraryImport(Library)]
    public static partial int sqlite3_changes(nint db);

    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_prepare_v2(nint db, byte* sql, int length, nint* statement, byte** tail);

    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_step(nint statement);

    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_reset(nint statement);

    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_finalize(nint statement);

    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_bind_text(nint statement, int index, byte* text, int length, nint destructor);

    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_bind_int64(nint statement, int index, long value);

    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_bind_null(nint statement, int index);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial SqliteType sqlite3_column_type(nint statement, int column);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial long sqlite3_column_int64(nint statement, int column);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial double sqlite3_column_double(nint statement, int column);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial byte* sqlite3_column_text(nint statement, int column);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int sqlite3_column_bytes(nint statement, int column);

    [LibraryImport(Library)]
    public static partial nint sqlite3_backup_init(nint target, byte* targetSchema, nint source, byte* sourceSchema);

    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_backup_step(nint backup, int pages);

    [LibraryImport(Library)]
    public static partial SqliteCode sqlite3_backup_finish(nint backup);
}
