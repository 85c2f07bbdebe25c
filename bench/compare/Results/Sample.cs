namespace EdgeProxy.Compare;

/// <summary>What one run of one contender came to.</summary>
internal sealed record Sample(
    string Experiment, string Congestion, string Contender, int Round, IReadOnlyDictionary<string, double> Values);
