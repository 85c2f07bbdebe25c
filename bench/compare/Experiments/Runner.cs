using System.Globalization;

namespace EdgeProxy.Compare;

/// <summary>
/// Runs experiments: every round goes once through all contenders, each round starting with the next one, so that what
/// else happens on the machine falls on all alike. Every run has a fresh proxy.
/// </summary>
internal sealed class Runner(
    Pace pace, int loops, LoadTool load, Contenders contenders, Addresses addresses, TextWriter log)
{
    private const string LoadCore = "1";
    private const string NoCongestionControl = "any";

    private static readonly string[] KeptAlways = ["load.cores_busy", "proxy.user_share", "units_per_second"];

    private readonly List<Sample> _samples = [];

    /// <summary>The first cores are the proxy's, as many as it has loops; the load keeps to core 1.</summary>
    private string ProxyCores => loops == 1 ? "0" : $"0-{loops - 1}";

    public async Task<IReadOnlyList<Sample>> RunAsync(IReadOnlyList<Experiment> experiments)
    {
        foreach (string congestion in pace.Congestion)
        {
            await UseCongestionControlAsync(congestion);
            foreach (Experiment experiment in experiments.Where(e => e.EveryCongestionControl))
            {
                await RunAsync(experiment, congestion);
            }
        }

        foreach (Experiment experiment in experiments.Where(e => !e.EveryCongestionControl))
        {
            await RunAsync(experiment, NoCongestionControl);
        }

        return _samples;
    }

    /// <summary>
    /// By a property of the loopback routes, which listening and connecting sockets of every program here inherit.
    /// Nothing outside this network namespace changes.
    /// </summary>
    private static async Task UseCongestionControlAsync(string algorithm)
    {
        foreach (string destination in new[] { "127.0.0.0/8", "127.0.0.1" })
        {
            await Shell.RunAsync(
                "ip", "route", "replace", "local", destination, "dev", "lo", "table", "local", "proto", "kernel",
                "scope", "host", "src", "127.0.0.1", "congctl", algorithm);
        }
    }

    private async Task RunAsync(Experiment experiment, string congestion)
    {
        Contender[] present = [.. experiment.Contenders.Select(contenders.Find).OfType<Contender>()];
        await log.WriteLineAsync($"\n{experiment.Title} ({congestion})");
        await using Child? backend = experiment.Backend is not { } kind ? null : await Child.StartAsync(
            "backend", LoadCore, load.Backend(kind, addresses.Backend.ToString()), addresses.Backend);
        int rounds = experiment.Once ? 1 : pace.Rounds;
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < present.Length; i++)
            {
                await RunAsync(experiment, congestion, present[(i + round) % present.Length], round);
            }
        }
    }

    private async Task RunAsync(Experiment experiment, string congestion, Contender contender, int round)
    {
        Dictionary<string, double> values = experiment.Name == AllExperiments.Start
            ? await load.TimeStartAsync(addresses.Proxy.ToString(), contender.Command, "0")
            : await MeasureAsync(experiment, contender);
        HashSet<string> kept = [.. KeptAlways, .. experiment.Metrics.Select(m => m.Key)];
        _samples.Add(new Sample(
            experiment.Name,
            congestion,
            contender.Name,
            round,
            values.Where(v => kept.Contains(v.Key)).ToDictionary(StringComparer.Ordinal)));
        await log.WriteLineAsync($"  {contender.Label,-32} " + string.Join("  ", experiment.Metrics.Select(metric =>
            $"{metric.Heading} {Format(values.GetValueOrDefault(metric.Key) * metric.Scale, metric.Format)}")));
    }

    private async Task<Dictionary<string, double>> MeasureAsync(Experiment experiment, Contender contender)
    {
        await using Child proxy = await Child.StartAsync(
            contender.Label, ProxyCores, contender.Command, addresses.Proxy);
        if (experiment.Name == AllExperiments.Collections)
        {
            return await new CollectionsRun(load, addresses, pace.Connections).MeasureAsync(proxy.Pid);
        }

        return await load.RunAsync(
            [
                .. experiment.Load, addresses.Proxy.ToString(), "--pids", Format(proxy.Pid, "0"),
                .. experiment.Backend is null ? ["--backend", addresses.Backend.ToString()] : Array.Empty<string>(),
                "--seconds", Format(pace.Seconds, "0.0"), "--warm-up", Format(pace.WarmUpSeconds, "0.0"),
            ]);
    }

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
