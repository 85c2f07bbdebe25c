namespace EdgeProxy;

/// <summary>
/// Takes a command line apart by the table of commands and the one list of settings: <c>--flag value</c>,
/// <c>--flag=value</c>, switches alone, <c>--</c> before arguments that look like flags (POSIX.1-2017 §12.2, GNU long
/// options).
/// </summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, Setting> _settings = new(StringComparer.Ordinal);
    private readonly List<Command> _path;
    private readonly List<string> _arguments = [];
    private readonly List<GivenFlag> _flags = [];
    private readonly List<GivenFlag> _settingFlags = [];
    private bool _wantsHelp;

    private CommandLine(Command root, Options options)
    {
        _path = [root];
        foreach (Setting setting in options.All) { _settings.Add(setting.Flag, setting); }
    }

    /// <param name="options">Names the setting flags; its values are not touched.</param>
    public static ParsedLine Parse(IReadOnlyList<string> words, Command root, Options options)
    {
        CommandLine line = new(root, options);
        ValueProblem? problem = line.Read(words);
        return new ParsedLine(line._path)
        {
            Arguments = line._arguments,
            Flags = line._flags,
            Settings = line._settingFlags,
            WantsHelp = line._wantsHelp,
            Problem = line._wantsHelp ? null : problem ?? line.CheckArguments(),
        };
    }

    private Command Current => _path[^1];

    private ValueProblem? Read(IReadOnlyList<string> words)
    {
        bool flagsOver = false;
        ValueProblem? first = null;
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (flagsOver) { _arguments.Add(word); }
            else if (word == "--") { flagsOver = true; }
            else if (word is "--help" or "-h") { _wantsHelp = true; }
            else if (word.Length > 1 && word[0] == '-') { first ??= ReadFlag(words, ref i); }
            else { first ??= ReadWord(word); }
        }

        return first;
    }

    private ValueProblem? ReadWord(string word)
    {
        if (Current.Commands.Count == 0)
        {
            _arguments.Add(word);
            return null;
        }

        if (Current.Child(word) is Command child)
        {
            _path.Add(child);
            return null;
        }

        string? near = Suggestion.Nearest(word, Current.ChildNames());
        return new ValueProblem($"there is no command '{word}'", near is null ? SeeHelp() : $"Did you mean '{near}'?");
    }

    private ValueProblem? ReadFlag(IReadOnlyList<string> words, ref int i)
    {
        int equals = words[i].IndexOf('=');
        string name = equals < 0 ? words[i] : words[i][..equals];
        string? value = equals < 0 ? null : words[i][(equals + 1)..];
        CommandFlag? own = Current.Flag(name);
        Setting? setting = own is null && _settings.TryGetValue(name, out Setting? found) ? found : null;
        if (own is null && setting is null) { return UnknownFlag(name); }

        bool standsAlone = own is not null ? own.Value is null : setting!.IsSwitch;
        if (own is not null && standsAlone && value is not null)
        {
            return new ValueProblem($"{name} takes no value", $"Write {name} alone.");
        }

        if (!standsAlone && value is null)
        {
            if (i + 1 == words.Count) { return new ValueProblem($"{name} needs a value", $"Write {name} {own?.Value ?? setting!.Accepts}."); }
            value = words[++i];
        }

        (own is not null ? _flags : _settingFlags).Add(new GivenFlag(name, value));
        return null;
    }

    private ValueProblem UnknownFlag(string name)
    {
        List<string> known = Current.FlagNames();
        known.AddRange(_settings.Keys);
        string? near = Suggestion.Nearest(name, known);
        return new ValueProblem($"there is no flag {name}", near is null ? SeeHelp() : $"Did you mean {near}?");
    }

    private ValueProblem? CheckArguments()
    {
        if (Current.Run is null) { return new ValueProblem("a command is missing", SeeHelp()); }
        if (_settingFlags.Count > 0 && !Current.TakesSettings)
        {
            return new ValueProblem($"{_settingFlags[0].Name} means nothing to this command", SeeHelp());
        }

        for (int i = 0; i < Current.Arguments.Count; i++)
        {
            CommandArgument argument = Current.Arguments[i];
            if (i >= _arguments.Count)
            {
                return argument.Optional ? null : new ValueProblem($"{argument} is missing: {argument.Summary}", SeeHelp());
            }

            if (argument.Words.Count > 0 && !argument.Takes(_arguments[i]))
            {
                return new ValueProblem($"'{_arguments[i]}' is no {argument.Name}", $"Give one of {string.Join(", ", argument.Words)}.");
            }

            if (argument.Many) { return null; }
        }

        return _arguments.Count > Current.Arguments.Count
            ? new ValueProblem($"'{_arguments[Current.Arguments.Count]}' is one argument too many", SeeHelp())
            : null;
    }

    private string SeeHelp() => $"See {new ParsedLine(_path).Title} --help.";
}
