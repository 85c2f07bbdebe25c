namespace EdgeProxy.Storage;

/// <summary>
/// SQLite's result codes as far as this program tells them apart (https://www.sqlite.org/rescode.html). The low byte is
/// the primary code, the rest an extension of it.
/// </summary>
internal enum SqliteCode
{
    Ok = 0,
    Error = 1,
    Perm = 3,
    Busy = 5,
    Locked = 6,
    NoMemory = 7,
    ReadOnly = 8,
    Interrupt = 9,
    IoError = 10,
    Corrupt = 11,
    Full = 13,
    CantOpen = 14,
    Schema = 17,
    TooBig = 18,
    Constraint = 19,
    Auth = 23,
    NotADatabase = 26,
    Row = 100,
    Done = 101,

    /// <summary>A hot journal must be rolled back, and a read-only connection may not.</summary>
    ReadOnlyRollback = ReadOnly | (3 << 8),

    /// <summary>The write-ahead log needs its shared-memory file, and the directory may not be written.</summary>
    ReadOnlyCantInit = ReadOnly | (5 << 8),

    ReadOnlyDirectory = ReadOnly | (6 << 8),
    ConstraintCheck = Constraint | (1 << 8),
    ConstraintForeignKey = Constraint | (3 << 8),
    ConstraintNotNull = Constraint | (5 << 8),
    ConstraintPrimaryKey = Constraint | (6 << 8),
    ConstraintUnique = Constraint | (8 << 8),
}
