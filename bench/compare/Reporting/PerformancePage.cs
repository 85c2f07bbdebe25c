using System.Globalization;
using System.Text;

namespace EdgeProxy.Compare;

/// <summary>docs/performance.md, written from results alone: what was promised, what was measured, what was lost.</summary>
internal static class PerformancePage
{
    public static string Write(ResultSet results)
    {
        StringBuilder page = new();
        Machine machine = results.Machine;
        page.Append(Culture, $"""
            # Performance

            Measured on {machine.Date}: {machine.Processor}, {machine.Cores} cores, Linux {machine.Kernel};
            haproxy {machine.Versions.GetValueOrDefault("haproxy")} and nginx {machine.Versions.GetValueOrDefault("nginx")} as Debian 12 ships them,
            edgeproxy {machine.Versions.GetValueOrDefault("edgeproxy")}. This page is written by `make bench` ({results.Mode} mode); do not edit it.

            Each proxy runs with {results.Loops} loop(s) on core 0, load and backend share core 1, everything over loopback, in a network
            namespace of its own with one congestion control for everybody. All contenders are run in turn within each
            round, each time freshly started; the numbers are medians over the rounds, and a ratio is the median of the
            rounds' own ratios, so that a machine that is slower for a minute shifts none. What counts is the CPU a proxy spends
            per unit of work (its threads' time on a core, from /proc): rates and latencies on a shared machine say less.

            ## The figures

            {Verdicts.Markdown(results)}
            ![CPU per unit, by contender](../bench/results/comparison.svg)

            ## Losses

            {Losses(results)}
            ## Everything measured

            Medians, with the lowest and highest of the rounds in brackets for the first column.


            """);
        foreach (Experiment experiment in AllExperiments.List)
        {
            Section(page, results, experiment);
        }

        return page.ToString();
    }

    private static CultureInfo Culture => CultureInfo.InvariantCulture;

    private static string Losses(ResultSet results)
    {
        StringBuilder text = new();
        foreach ((Figure figure, string congestion, double? measured) in Verdicts.Measured(results))
        {
            Verdict verdict = figure.Judge(measured);
            if (verdict is Verdict.Missed or Verdict.NotMeasured)
            {
                text.Append(Culture, $"- {figure.Title} ({congestion}): {Verdicts.Word(verdict)}");
                text.Append(measured is { } value ? $", {figure.Text(value)}" : "");
                text.Append(Culture, $". `make bench ARGS=\"--only {figure.Experiment}\"`\n");
            }
        }

        return text.Length > 0 ? text.ToString() : "None of the bounds above was missed.\n";
    }

    private static void Section(StringBuilder page, ResultSet results, Experiment experiment)
    {
        IReadOnlyList<string> congestionControls = results.CongestionControls(experiment.Name);
        if (congestionControls.Count == 0)
        {
            return;
        }

        page.Append(Culture, $"### {experiment.Title}\n\n`make bench ARGS=\"--only {experiment.Name}\"`\n\n");
        page.Append("| |").Append(experiment.EveryCongestionControl ? " |" : "");
        page.AppendJoin("", experiment.Metrics.Select(metric => $" {metric.Heading} |")).Append("\n|---|");
        page.Append(experiment.EveryCongestionControl ? "---|" : "");
        page.AppendJoin("", experiment.Metrics.Select(_ => "---|")).Append('\n');
        foreach (string congestion in congestionControls)
        {
            foreach (string contender in experiment.Contenders)
            {
                Row(page, results, experiment, congestion, contender);
            }
        }

        page.Append('\n');
    }

    private static void Row(
        StringBuilder page, ResultSet results, Experiment experiment, string congestion, string contender)
    {
        if (results.Median(experiment.Name, congestion, contender, experiment.Metrics[0].Key) is null)
        {
            return;
        }

        page.Append(Culture, $"| {results.Labels.GetValueOrDefault(contender, contender)} |");
        page.Append(experiment.EveryCongestionControl ? $" {congestion} |" : "");
        foreach (Metric metric in experiment.Metrics)
        {
            double? median = results.Median(experiment.Name, congestion, contender, metric.Key);
            page.Append(Culture, $" {Text(median, metric)}");
            page.Append(metric == experiment.Metrics[0] ? Range(results, experiment, congestion, contender) : "");
            page.Append(" |");
        }

        page.Append('\n');
    }

    private static string Range(ResultSet results, Experiment experiment, string congestion, string contender)
    {
        Metric metric = experiment.Metrics[0];
        double[] values = results.Values(experiment.Name, congestion, contender, metric.Key);
        return values.Length < 2 ? "" : $" ({Text(values[0], metric)}–{Text(values[^1], metric)})";
    }

    private static string Text(double? value, Metric metric) =>
        value is { } number ? (number * metric.Scale).ToString(metric.Format, Culture) : "–";
}
