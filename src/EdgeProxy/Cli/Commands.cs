namespace EdgeProxy;

/// <summary>The table of commands.</summary>
internal static class Commands
{
    public static Command Root { get; } = new("edgeproxy",
        "A TCP proxy for edge Points of Presence: geo-routed, sticky, limit-aware.")
    {
        Commands =
        [
            RunCommand.Command,
            CheckCommand.Command,
            ExplainCommand.Command,
            StatusCommand.Command,
            BackendsCommand.Command,
            DbCommand.Command,
            WgCommand.Command,
            DoctorCommand.Command,
            VersionCommand.Command,
            CompletionCommand.Command,
            HelpCommand.Command,
            CompleteCommand.Command,
            DocsCommand.Command,
        ],
        Examples = ["edgeproxy help run", "edgeproxy help settings"],
    };

    /// <summary>Runs one command line from its words to its exit code.</summary>
    public static ExitCode Run(IReadOnlyList<string> words, System.Collections.IDictionary environment, Terminal terminal)
    {
        ParsedLine line = CommandLine.Parse(words, Root, new Options());
        if (line.WantsHelp || (words.Count == 0 && line.Command.Run is null))
        {
            HelpText.Write(line, terminal);
            return line.WantsHelp ? ExitCode.Done : ExitCode.Usage;
        }

        if (line.Problem is ValueProblem wrong)
        {
            terminal.Complain(wrong.Problem, wrong.Cure);
            return ExitCode.Usage;
        }

        Options options = new();
        if (line.Command.TakesSettings)
        {
            options = OptionsLoader.Load(line.Settings, environment, out IReadOnlyList<SettingProblem> problems);
            foreach (SettingProblem problem in problems) { terminal.Complain($"{problem.Place}: {problem.Problem}", problem.Cure); }
            if (problems.Count > 0) { return ExitCode.Settings; }
        }

        return line.Command.Run!(new Invocation(line, options, terminal));
    }
}
