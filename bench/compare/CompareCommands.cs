using ConsoleAppFramework;

namespace EdgeProxy.Compare;

/// <summary>What `scripts/bench` runs, inside a network namespace of its own and from the top of the repository.</summary>
internal sealed class CompareCommands
{
    private const string ResultsPath = "bench/results/comparison.json";
    private const string ChartPath = "bench/results/comparison.svg";
    private const string PagePath = "docs/performance.md";

    /// <summary>
    /// Run edgeproxy and its peers side by side and show how the figures came out. The full mode writes bench/results
    /// and docs/performance.md.
    /// </summary>
    /// <param name="full">About half an hour instead of three minutes, with every congestion control.</param>
    /// <param name="only">Experiments to run, as connections,downloads; all of them when empty.</param>
    /// <param name="rounds">Rounds per experiment; 0 for the mode's own.</param>
    /// <param name="loops">Loops, threads or workers per proxy; above 1 they share cores with the load.</param>
    /// <param name="save">Write results and page in quick mode too.</param>
    [Command("")]
    public async Task<int> Run(bool full = false, string only = "", int rounds = 0, int loops = 1, bool save = false)
    {
        Pace pace = full ? Pace.Full : Pace.Quick;
        pace = rounds > 0 ? pace with { Rounds = rounds } : pace;
        try
        {
            ResultSet results = await MeasureAsync(pace, Choose(only), loops);
            Console.WriteLine(Verdicts.Terminal(results));
            if (save || (full && only.Length == 0))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(ResultsPath)!);
                await results.SaveAsync(ResultsPath);
                await WriteReportsAsync(results);
            }

            return 0;
        }
        catch (CompareException e)
        {
            await Console.Error.WriteLineAsync($"bench: {e.Message}");
            return 1;
        }
    }

    /// <summary>Write chart and page again from the saved results.</summary>
    public async Task Report() => await WriteReportsAsync(await ResultSet.LoadAsync(ResultsPath));

    private static async Task<ResultSet> MeasureAsync(Pace pace, IReadOnlyList<Experiment> experiments, int loops)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("edgeproxy-bench-");
        try
        {
            string edgeproxy = Path.GetFullPath("out/edgeproxy");
            Contenders contenders = await Contenders.PrepareAsync(
                directory.FullName, edgeproxy, Environment.GetEnvironmentVariable("BENCH_FLOOR"), loops, Addresses.Loopback);
            Runner runner = new(
                pace, loops, new LoadTool(Path.GetFullPath("out/load"), "1"), contenders, Addresses.Loopback, Console.Out);
            IReadOnlyList<Sample> samples = await runner.RunAsync(experiments);
            return new ResultSet(
                await Machine.ReadAsync(),
                pace.Name,
                loops,
                new FileInfo(edgeproxy) is { Exists: true } binary ? binary.Length : 0,
                samples.Select(s => s.Contender).Distinct(StringComparer.Ordinal)
                    .ToDictionary(name => name, contenders.Label, StringComparer.Ordinal),
                samples);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static IReadOnlyList<Experiment> Choose(string only)
    {
        string[] names = only.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? unknown = names.FirstOrDefault(name => AllExperiments.List.All(e => e.Name != name));
        return unknown is null
            ? [.. AllExperiments.List.Where(e => names.Length == 0 || names.Contains(e.Name))]
            : throw new CompareException(
                $"no experiment '{unknown}'; there are {string.Join(", ", AllExperiments.List.Select(e => e.Name))}");
    }

    private static async Task WriteReportsAsync(ResultSet results)
    {
        await File.WriteAllTextAsync(ChartPath, SvgChart.Draw(results));
        await File.WriteAllTextAsync(PagePath, PerformancePage.Write(results));
        Console.WriteLine($"wrote {ResultsPath}, {ChartPath} and {PagePath}");
    }
}
