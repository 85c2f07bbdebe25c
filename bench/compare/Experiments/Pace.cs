namespace EdgeProxy.Compare;

/// <summary>How long and how often everything is measured.</summary>
/// <param name="Connections">How many make up the experiment that counts garbage collections.</param>
internal sealed record Pace(
    string Name,
    int Rounds,
    double Seconds,
    double WarmUpSeconds,
    IReadOnlyList<string> Congestion,
    long Connections)
{
    /// <summary>About three minutes: enough to see which way a change went.</summary>
    public static Pace Quick { get; } = new("quick", 2, 1, 0.3, ["cubic"], 100_000);

    /// <summary>About half an hour: what docs/performance.md is made from.</summary>
    public static Pace Full { get; } = new("full", 11, 1.2, 0.3, ["cubic", "bbr"], 1_000_000);
}
