namespace EdgeProxy.Storage;

/// <summary>What is wrong with a whole file, as opposed to one of its rows.</summary>
public enum StorageProblemKind : byte
{
    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>
    /// Another process holds it longer than is worth waiting for; the same call may succeed next time.
    /// </summary>
    Locked,

    /// <summary>This process may not read it, or may not write where it has to.</summary>
    Denied,

    /// <summary>It is something else than an SQLite database.</summary>
    NotADatabase,

    /// <summary>It is a damaged SQLite database.</summary>
    Corrupt,

    /// <summary>A table or column that is needed is missing, or is a view or a virtual table.</summary>
    Structure,

    /// <summary>It holds more, or takes longer, than this program accepts.</summary>
    TooBig,

    /// <summary>What was asked for contradicts a constraint, or what is there.</summary>
    Refused,

    /// <summary>The disk failed or is full.</summary>
    Io,
}
