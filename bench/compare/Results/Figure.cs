namespace EdgeProxy.Compare;

/// <summary>A promise of the project, and how it is read from results. Smaller is better unless said otherwise.</summary>
/// <param name="Title">What is measured, against what.</param>
/// <param name="Must">The bound that has to hold.</param>
/// <param name="Aim">The bound aimed at.</param>
/// <param name="Format">How numbers are written, with the unit.</param>
/// <param name="Measure">From results under one congestion control; null when something is missing.</param>
/// <param name="Experiment">Where its numbers come from; the congestion controls of that experiment are judged.</param>
internal sealed record Figure(
    string Title, double Must, double Aim, string Format, Func<ResultSet, string, double?> Measure, string Experiment)
{
    public bool LargerIsBetter { get; init; }

    public Verdict Judge(double? measured) =>
        measured is not { } value ? Verdict.NotMeasured
        : Holds(value, Aim) ? Verdict.AimMet
        : Holds(value, Must) ? Verdict.MustMet
        : Verdict.Missed;

    public string Bound(double value) => (LargerIsBetter ? "≥ " : "≤ ") + Text(value);

    public string Text(double value) => string.Format(System.Globalization.CultureInfo.InvariantCulture, Format, value);

    private bool Holds(double value, double bound) => LargerIsBetter ? value >= bound : value <= bound;
}
