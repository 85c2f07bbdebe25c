using System.Collections;
using System.Text;

namespace EdgeProxy.Fuzz;

/// <summary>
/// Settings from everywhere: the input is a TOML file, and its lines "NAME=value" an environment and "--name value" a
/// command line. Loading ends in options and problems that say where and what to do, the same each time.
/// </summary>
internal static class SettingsTarget
{
    private static readonly string s_file = Path.Combine(Path.GetTempPath(), $"edgeproxy-fuzz-{Environment.ProcessId}.toml");

    static SettingsTarget() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => File.Delete(s_file);

    public static void Run(ReadOnlySpan<byte> input)
    {
        string text = Encoding.UTF8.GetString(input);
        CheckToml(text);
        CheckCommandLine(text);
        File.WriteAllBytes(s_file, input.ToArray());
        string[] lines = text.Split('\n');
        Check([new GivenFlag("--config", s_file)], new Hashtable());
        Check([], Environments(lines));
        Check(Flags(lines), Environments(lines));
    }

    private static void CheckToml(string text)
    {
        List<SettingProblem> problems = [];
        IReadOnlyList<TomlEntry> entries = TomlSettings.Read(text, "fuzz.toml", problems);
        int lines = text.AsSpan().Count('\n') + 1;
        foreach (TomlEntry entry in entries) { Truth.Holds(entry.Line >= 1 && entry.Line <= lines, "an entry has its line"); }
        foreach (SettingProblem problem in problems) { CheckProblem(problem); }
    }

    private static void CheckCommandLine(string text)
    {
        string[] words = text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        ParsedLine line = CommandLine.Parse(words, Commands.Root, new Options());
        Truth.Holds(
            line.Problem is not { } problem || (problem.Problem.Length > 0 && problem.Cure.Length > 0),
            "a wrong command line is told what is wrong and the cure");
    }

    private static void Check(IReadOnlyList<GivenFlag> flags, Hashtable environment)
    {
        Options options = OptionsLoader.Load(flags, environment, out IReadOnlyList<SettingProblem> problems);
        Options again = OptionsLoader.Load(flags, environment, out IReadOnlyList<SettingProblem> sameProblems);
        Truth.Holds(problems.SequenceEqual(sameProblems), "loading again finds the same");
        foreach (SettingProblem problem in problems) { CheckProblem(problem); }
        foreach ((Setting one, Setting other) in options.All.Zip(again.All))
        {
            Truth.Holds(one.Text == other.Text && one.Source == other.Source, "loading again gives the same");
            CheckReadable(one);
        }
    }

    /// <summary>What is in force can be written down and given again.</summary>
    private static void CheckReadable(Setting setting)
    {
        if (setting.Text.Length == 0) { return; }
        string before = setting.Text;
        ValueProblem? problem = setting.TrySet(before, SettingSource.Default);
        Truth.Holds(problem is null && setting.Text == before, $"{setting.Name} takes back its own value '{before}'");
    }

    private static void CheckProblem(SettingProblem problem) =>
        Truth.Holds(problem.Place.Length > 0 && problem.Problem.Length > 0 && problem.Cure.Length > 0, "a problem says where, what and the cure");

    private static Hashtable Environments(string[] lines)
    {
        Hashtable environment = [];
        foreach (string line in lines)
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) { environment[Setting.EnvironmentPrefix + line[..equals].Trim().ToUpperInvariant()] = line[(equals + 1)..]; }
        }

        environment.Remove(Setting.EnvironmentPrefix + "CONFIG"); // It would read another file than the input.
        return environment;
    }

    /// <summary>Only flags that exist: the command line refuses others before they come here.</summary>
    private static List<GivenFlag> Flags(string[] lines)
    {
        HashSet<string> known = new Options().All.Select(static setting => setting.Flag).ToHashSet(StringComparer.Ordinal);
        known.Remove("--config");
        List<GivenFlag> flags = [];
        foreach (string line in lines)
        {
            string[] parts = line.Split('=', 2);
            string flag = "--" + parts[0].Trim().Replace('_', '-');
            if (known.Contains(flag)) { flags.Add(new GivenFlag(flag, parts.Length > 1 ? parts[1] : null)); }
        }

        return flags;
    }
}
