namespace EdgeProxy.Storage;

/// <summary>Why a file could not be used: for the log, the metrics page and the person who has to repair it.</summary>
/// <param name="File">The path as it was given.</param>
/// <param name="What">What is wrong, as a clause: "is not an SQLite database".</param>
/// <param name="Cure">What to do about it, as a sentence.</param>
public sealed record StorageProblem(StorageProblemKind Kind, string File, string What, string Cure)
{
    /// <summary>The same call may succeed in a moment, without anybody doing anything.</summary>
    public bool IsTransient => Kind == StorageProblemKind.Locked;

    public override string ToString() => $"{File} {What}. {Cure}";
}
