namespace EdgeProxy;

/// <summary>Something wrong with a setting, said so that it can be put right at once.</summary>
/// <param name="Place">Where it was given: "EDGEPROXY_WORKERS", "edgeproxy.toml:3:1", "--workers".</param>
/// <param name="Problem">What is wrong there.</param>
/// <param name="Cure">What to do.</param>
internal sealed record SettingProblem(string Place, string Problem, string Cure)
{
    public override string ToString() => $"{Place}: {Problem}. {Cure}";
}
