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

    internal static IEnumerable<string> Candidates(IReadOnlyList<string> words)
    {
        string last = words.Count == 0 ? "" : words[^1];
        string before = words.Count < 2 ? "" : words[^2];
        Options options = new();
        ParsedLine line = CommandLine.Parse([.. words.SkipLast(1)], Commands.Root, options);
        Setting? setting = options.All.FirstOrDefault(s => s.Flag == before);
        IEnumerable<string> all = setting is { IsSwitch: false } && line.Command.TakesSettings
            ? setting.Words
            : last.StartsWith('-') ? Flags(line.Command, options) : Words(line);
        return all.Where(w => w.StartsWith(last, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Flags(Command command, Options options)
    {
        IEnumerable<string> own = command.Flags.Select(static f => f.Name).Append("--help");
        return command.TakesSettings ? own.Concat(options.All.Select(static s => s.Flag)) : own;
    }

    private static IEnumerable<string> Words(ParsedLine line)
    {
        Command command = line.Command;
        if (command.Commands.Count > 0) { return command.Commands.Where(static c => !c.Hidden).Select(static c => c.Name); }
        return line.Arguments.Count < command.Arguments.Count ? command.Arguments[line.Arguments.Count].Words : [];
    }
}
