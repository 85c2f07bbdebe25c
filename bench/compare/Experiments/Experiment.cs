namespace EdgeProxy.Compare;

/// <summary>One load, run against each contender in turn.</summary>
/// <param name="Name">Key in results, and what --only takes.</param>
/// <param name="Title">What tables and charts say.</param>
/// <param name="Backend">Kind of backend `load` is to be; null when the client's process is the backend too.</param>
/// <param name="Load">Arguments of `load`, without time, cores and target.</param>
/// <param name="Contenders">Who takes part, in order.</param>
/// <param name="Metrics">What is shown of each; the first is what the chart draws.</param>
internal sealed record Experiment(
    string Name,
    string Title,
    string? Backend,
    IReadOnlyList<string> Load,
    IReadOnlyList<string> Contenders,
    IReadOnlyList<Metric> Metrics)
{
    /// <summary>A load that is not repeated every round: it measures memory or counts, which hardly vary.</summary>
    public bool Once { get; init; }

    /// <summary>Whether the congestion control makes a difference to it.</summary>
    public bool EveryCongestionControl { get; init; } = true;
}
