namespace EdgeProxy.Storage;

/// <summary>How writing the last good copy ended.</summary>
/// <param name="Written">The copy is what was loaded.</param>
/// <param name="Problem">Why it could not be written; null also when it is only too early.</param>
public readonly record struct CopyResult(bool Written, StorageProblem? Problem);
