using System.Globalization;
using System.Security;
using System.Text;

namespace EdgeProxy.Compare;

/// <summary>One picture: a panel of bars per experiment and congestion control, shorter is better.</summary>
internal static class SvgChart
{
    private const int Width = 860;
    private const int LabelWidth = 220;
    private const int BarHeight = 18;
    private const int BarGap = 5;
    private const int PanelGap = 26;
    private const int TitleHeight = 26;
    private const int ValueWidth = 90;

    public static string Draw(ResultSet results)
    {
        StringBuilder body = new();
        int y = 10;
        foreach (Experiment experiment in AllExperiments.List)
        {
            foreach (string congestion in results.CongestionControls(experiment.Name))
            {
                y = Panel(body, results, experiment, congestion, y) + PanelGap;
            }
        }

        return string.Create(Culture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {y}" font-family="sans-serif" font-size="13">
            <rect width="{Width}" height="{y}" fill="#ffffff"/>
            {body}</svg>

            """);
    }

    private static CultureInfo Culture => CultureInfo.InvariantCulture;

    private static int Panel(StringBuilder body, ResultSet results, Experiment experiment, string congestion, int y)
    {
        Metric metric = experiment.Metrics[0];
        string title = $"{experiment.Title}: {metric.Heading}" + (experiment.EveryCongestionControl ? $" ({congestion})" : "");
        body.Append(Culture, $"<text x=\"10\" y=\"{y + 15}\" font-weight=\"bold\">{SecurityElement.Escape(title)}</text>\n");
        y += TitleHeight;
        (string Name, double Value)[] bars =
        [
            .. experiment.Contenders
                .Select(name => (name, results.Median(experiment.Name, congestion, name, metric.Key)))
                .Where(bar => bar.Item2 is not null)
                .Select(bar => (bar.name, bar.Item2!.Value * metric.Scale)),
        ];
        double longest = bars.Length == 0 ? 1 : Math.Max(bars.Max(bar => bar.Value), 1e-9);
        foreach ((string name, double value) in bars)
        {
            Bar(body, results.Labels.GetValueOrDefault(name, name), value, longest, metric.Format, Colour(name), y);
            y += BarHeight + BarGap;
        }

        return y;
    }

    private static void Bar(
        StringBuilder body, string label, double value, double longest, string format, string colour, int y)
    {
        double width = Math.Max(1, value / longest * (Width - LabelWidth - ValueWidth));
        string text = value.ToString(format, Culture);
        body.Append(Culture, $"<text x=\"{LabelWidth - 8}\" y=\"{y + 14}\" text-anchor=\"end\">");
        body.Append(Culture, $"{SecurityElement.Escape(label)}</text>");
        body.Append(Culture, $"<rect x=\"{LabelWidth}\" y=\"{y}\" width=\"{width:0.0}\" height=\"{BarHeight}\" fill=\"{colour}\"/>");
        body.Append(Culture, $"<text x=\"{LabelWidth + width + 6:0.0}\" y=\"{y + 14}\">{text}</text>\n");
    }

    private static string Colour(string contender) =>
        contender.StartsWith("edgeproxy", StringComparison.Ordinal) ? "#2f6fb2"
        : contender.StartsWith("floor", StringComparison.Ordinal) ? "#9fb8d1"
        : "#a9a9a9";
}
