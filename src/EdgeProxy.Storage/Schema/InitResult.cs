namespace EdgeProxy.Storage;

/// <summary>What <see cref="RoutingDbSchema.Init"/> did.</summary>
/// <param name="Problem">Why nothing was done; null when it was.</param>
/// <param name="TablesAdded">Tables that were not there before; none when the file was up to date.</param>
public sealed record InitResult(StorageProblem? Problem, IReadOnlyList<string> TablesAdded);
