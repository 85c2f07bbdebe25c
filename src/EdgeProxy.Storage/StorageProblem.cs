namespace EdgeProxy.Storage;

/// <summary>Why a file could not be used: for the log, the metrics page and the person who has to repair it.</summary>
public sealed class StorageProblem(StorageProblemKind kind, string file, string what, string cure)
{
    internal StorageProblemKind Kind { get; } = kind;

    /// <summary>The path as it was given.</summary>
    public string File { get; } = file;

    /// <summary>What is wrong, as a clause: "is not an SQLite database".</summary>
    public string What { get; } = what;

    /// <summary>What to do about it, as a sentence.</summary>
    public string Cure { get; } = cure;

    /// <summary>The same call may succeed in a moment, without anybody doing anything.</summary>
    public bool IsTransient => Kind == StorageProblemKind.Locked;

    public override string ToString() => $"{File} {What}. {Cure}";
}
