namespace EdgeProxy.Compare;

/// <summary>How a figure came out.</summary>
internal enum Verdict
{
    AimMet,
    MustMet,
    Missed,
    NotMeasured,
}
