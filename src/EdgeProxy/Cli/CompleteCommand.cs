namespace EdgeProxy;

/// <summary>
/// <c>edgeproxy __complete -- word...</c>: what could stand in place of the last word, one a line. The shell scripts
/// ask this, so they know every command, flag, setting and word without listing any.
/// </summary>
internal static class CompleteCommand
{
    public const string Name = "__complete";

    public static Command Command { get; } = new(Name, "Answer a shell's completion script.")
    {
        Hidden = true,
        Arguments = [new("word", "The words typed so far, the last one unfinished.") { Optional = true, Many = true }],
        Run = static call =>
        {
            foreach (string word in Candidates(call.Arguments)) { call.Out.WriteLine(word); }
            return ExitCode.Done;
        },
    };

    internal static List<string> Candidates(IReadOnlyList<string> words)
    {
        string last = words.Count == 0 ? "" : words[^1];
        string before = words.Count < 2 ? "" : words[^2];
        Options options = new();
        List<string> finished = [.. words];
        if (words.Count > 0) { finished.RemoveAt(words.Count - 1); }
        ParsedLine line = CommandLine.Parse(finished, Commands.Root, options);
        Setting? setting = SettingOf(before, options);
        IEnumerable<string> all = setting is { IsSwitch: false } && line.Command.TakesSettings
            ? setting.Words
            : last.StartsWith('-') ? Flags(line.Command, options) : Words(line);
        List<string> candidates = [];
        foreach (string word in all)
        {
            if (word.StartsWith(last, StringComparison.Ordinal)) { candidates.Add(word); }
        }

        candidates.Sort(StringComparer.Ordinal);
        return candidates;
    }

    private static Setting? SettingOf(string flag, Options options)
    {
        foreach (Setting setting in options.All)
        {
            if (setting.Flag == flag) { return setting; }
        }

        return null;
    }

    private static List<string> Flags(Command command, Options options)
    {
        List<string> flags = command.FlagNames();
        if (!command.TakesSettings) { return flags; }
        foreach (Setting setting in options.All) { flags.Add(setting.Flag); }
        return flags;
    }

    private static IReadOnlyList<string> Words(ParsedLine line)
    {
        Command command = line.Command;
        if (command.Commands.Count > 0) { return command.ChildNames(); }
        return line.Arguments.Count < command.Arguments.Count ? command.Arguments[line.Arguments.Count].Words : [];
    }
}
