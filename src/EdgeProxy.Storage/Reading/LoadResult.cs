namespace EdgeProxy.Storage;

/// <summary>
/// How a load ended. With a problem the builder is to be thrown away: nothing of it may be published.
/// </summary>
/// <param name="Problem">What is wrong with the file as a whole; null when every row was handed on.</param>
/// <param name="Rows">Rows of all tables that were handed on.</param>
public readonly record struct LoadResult(StorageProblem? Problem, long Rows);
