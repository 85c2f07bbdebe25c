namespace EdgeProxy.Storage;

/// <summary>What <see cref="RoutingDbSchema.Init"/> did.</summary>
public sealed class InitResult(StorageProblem? problem, IReadOnlyList<string> tablesAdded)
{
    /// <summary>Why nothing was done; null when it was.</summary>
    public StorageProblem? Problem { get; } = problem;

    /// <summary>Tables that were not there before; none when the file was up to date.</summary>
    public IReadOnlyList<string> TablesAdded { get; } = tablesAdded;
}
