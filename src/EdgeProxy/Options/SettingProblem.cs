namespace EdgeProxy;

/// <summary>Something wrong with a setting, said so that it can be put right at once.</summary>
internal sealed class SettingProblem(string place, string problem, string cure)
{
    /// <summary>Where it was given: "EDGEPROXY_WORKERS", "edgeproxy.toml:3:1", "--workers".</summary>
    public string Place { get; } = place;

    /// <summary>What is wrong there.</summary>
    public string Problem { get; } = problem;

    /// <summary>What to do.</summary>
    public string Cure { get; } = cure;

    public override string ToString() => $"{Place}: {Problem}. {Cure}";
}
