using System.Collections;
using EdgeProxy.Linux;

namespace EdgeProxy;

/// <summary>
/// Fills an <see cref="Options"/> from its sources, the weakest first: file, environment, flags. Everything given is
/// read and judged, also what a stronger source outranks, and every problem is found in one go.
/// </summary>
internal sealed class OptionsLoader
{
    private readonly Dictionary<string, Setting> _byName = new(StringComparer.Ordinal);
    private readonly List<SettingProblem> _problems = [];
    private readonly Options _options = new();

    private OptionsLoader()
    {
        foreach (Setting setting in _options.All) { _byName.Add(setting.Name, setting); }
    }

    /// <param name="flags">The setting flags of the command line, in order.</param>
    /// <param name="environment">Names and values (strings) of the process's environment.</param>
    /// <param name="problems">Everything wrong; a value that was wrong kept what it was before.</param>
    public static Options Load(
        IReadOnlyList<GivenFlag> flags, IDictionary environment, out IReadOnlyList<SettingProblem> problems)
    {
        OptionsLoader loader = new();
        loader.LoadConfigPath(flags, environment);
        if (loader._options.Config.Value.Length > 0) { loader.LoadFile(loader._options.Config.Value); }
        loader.LoadEnvironment(environment);
        loader.LoadFlags(flags);
        problems = loader._problems;
        return loader._options;
    }

    /// <summary>Where the file is must be known before the rest can be ranked.</summary>
    private void LoadConfigPath(IReadOnlyList<GivenFlag> flags, IDictionary environment)
    {
        TextSetting config = _options.Config;
        if (environment[config.Environment] is string path) { Set(config, path, SettingOrigin.Environment, config.Environment); }
        foreach (GivenFlag flag in flags)
        {
            if (flag.Name == config.Flag) { Set(config, flag.Value ?? "", SettingOrigin.Flag, config.Flag); }
        }
    }

    private void LoadFile(string path)
    {
        string text;
        try
        {
            text = TextFile.Read(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _problems.Add(new SettingProblem(_options.Config.Source.Place, $"cannot read '{path}': {Why(problem)}",
                "Give the path of a readable TOML file, or none."));
            return;
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (TomlEntry entry in TomlSettings.Read(text, path, _problems))
        {
            LoadEntry(entry, TomlSettings.Place(path, entry.Line, entry.Column), seen);
        }
    }

    private void LoadEntry(TomlEntry entry, string place, HashSet<string> seen)
    {
        if (!seen.Add(entry.Key))
        {
            _problems.Add(new SettingProblem(place, $"'{entry.Key}' was set before in this file", "Keep one of the two."));
            return;
        }

        string name = entry.Key.ToUpperInvariant();
        bool known = _byName.TryGetValue(name, out Setting? setting) && setting.Key == entry.Key;
        if (known && setting != _options.Config)
        {
            Set(setting!, entry.Value, SettingOrigin.File, place);
        }
        else if (setting == _options.Config && known)
        {
            _problems.Add(new SettingProblem(place, "a file cannot name another file", "Remove this line."));
        }
        else if (LaterFeature.Of(name) is LaterFeature later)
        {
            // A file of this program never needed these names: no switch beside it makes one harmless.
            if (later.Judge(name, entry.Value, place, name == later.Switch ? entry.Value : null) is SettingProblem problem)
            {
                _problems.Add(problem);
            }
        }
        else
        {
            Unknown(place, $"there is no setting '{entry.Key}'", entry.Key, static s => s.Key);
        }
    }

    private void LoadEnvironment(IDictionary environment)
    {
        List<string> variables = [];
        foreach (object key in environment.Keys)
        {
            string variable = (string)key;
            if (variable.StartsWith(Setting.EnvironmentPrefix, StringComparison.Ordinal)) { variables.Add(variable); }
        }

        variables.Sort(StringComparer.Ordinal); // So that messages come in the same order each time.
        foreach (string variable in variables) { LoadVariable(variable, environment[variable] as string ?? "", environment); }
        if (environment.Contains(_options.Debug.Environment))
        {
            Set(_options.Debug, "true", SettingOrigin.Environment, _options.Debug.Environment);
        }
    }

    private void LoadVariable(string variable, string value, IDictionary environment)
    {
        string name = variable[Setting.EnvironmentPrefix.Length..];
        if (_byName.TryGetValue(name, out Setting? setting) && setting.Environment == variable)
        {
            if (setting != _options.Config) { Set(setting, value, SettingOrigin.Environment, variable); }
        }
        else if (LaterFeature.Of(name) is LaterFeature later)
        {
            string? switchValue = environment[Setting.EnvironmentPrefix + later.Switch] as string;
            if (later.Judge(name, value, variable, switchValue) is SettingProblem problem) { _problems.Add(problem); }
        }
        else
        {
            Unknown(variable, "there is no such setting", variable, static s => s.Environment);
        }
    }

    private void LoadFlags(IReadOnlyList<GivenFlag> flags)
    {
        foreach (GivenFlag flag in flags)
        {
            if (flag.Name == _options.Config.Flag) { continue; }
            Setting setting = _byName[flag.Name[2..].Replace('-', '_').ToUpperInvariant()];
            Set(setting, flag.Value ?? "true", SettingOrigin.Flag, setting.Flag);
        }
    }

    private void Set(Setting setting, string text, SettingOrigin origin, string place)
    {
        if (setting.TrySet(text, new SettingSource(origin, place)) is not ValueProblem problem) { return; }
        _problems.Add(new SettingProblem(place, $"'{text}' {problem.Problem}", problem.Cure));
    }

    private void Unknown(string place, string problem, string given, Func<Setting, string> spell)
    {
        List<string> known = [];
        foreach (Setting setting in _options.All) { known.Add(spell(setting)); }
        string? near = Suggestion.Nearest(given, known);
        _problems.Add(new SettingProblem(place, problem,
            near is null ? "Remove it; `edgeproxy help settings` lists them all." : $"Did you mean {near}?"));
    }

    private static string Why(Exception problem) => problem switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "permission denied, or it is a directory",
        _ => "an input/output error",
    };
}
