namespace EdgeProxy.Storage;

/// <summary>What an operation on a file produced: exactly one of a value and the reason why there is none.</summary>
public readonly record struct StoreResult<T>(T? Value, StorageProblem? Problem)
    where T : class;
