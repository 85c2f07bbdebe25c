using System.Globalization;
using System.Text;

namespace EdgeProxy.Compare;

/// <summary>The table of figures: for the terminal and, as Markdown, for the page.</summary>
internal static class Verdicts
{
    private const int TitleWidth = 58;

    public static string Terminal(ResultSet results)
    {
        StringBuilder text = new();
        text.Append(Culture, $"\n{"figure",-TitleWidth} {"cc",-6} {"must",10} {"aim",10} {"measured",10}  verdict\n");
        foreach ((Figure figure, string congestion, double? measured) in Measured(results))
        {
            text.Append(Culture, $"{figure.Title,-TitleWidth} {congestion,-6} {Bound(figure, figure.Must),10} ");
            text.Append(Culture, $"{Bound(figure, figure.Aim),10} {Text(figure, measured),10}  ");
            text.Append(Word(figure.Judge(measured))).Append('\n');
        }

        return text.ToString();
    }

    public static string Markdown(ResultSet results)
    {
        StringBuilder text = new("| figure | congestion control | must | aim | measured | |\n|---|---|---|---|---|---|\n");
        foreach ((Figure figure, string congestion, double? measured) in Measured(results))
        {
            text.Append(Culture, $"| {figure.Title} | {congestion} | {Bound(figure, figure.Must)} ");
            text.Append(Culture, $"| {Bound(figure, figure.Aim)} | {Text(figure, measured)} ");
            text.Append(Culture, $"| {Word(figure.Judge(measured))} |\n");
        }

        return text.ToString();
    }

    /// <summary>Every figure under every congestion control it was measured with.</summary>
    public static IEnumerable<(Figure Figure, string Congestion, double? Measured)> Measured(ResultSet results) =>
        from figure in AllFigures.List
        from congestion in results.CongestionControls(figure.Experiment)
        select (figure, congestion, figure.Measure(results, congestion));

    public static string Word(Verdict verdict) => verdict switch
    {
        Verdict.AimMet => "aim met",
        Verdict.MustMet => "must met",
        Verdict.Missed => "**missed**",
        _ => "not measured",
    };

    private static CultureInfo Culture => CultureInfo.InvariantCulture;

    private static string Bound(Figure figure, double bound) => double.IsNaN(bound) ? "" : figure.Bound(bound);

    private static string Text(Figure figure, double? measured) => measured is { } value ? figure.Text(value) : "–";
}
