namespace EdgeProxy;

/// <summary><c>edgeproxy help</c>: the same as --help, and all settings.</summary>
internal static class HelpCommand
{
    private const string Settings = "settings";

    public static Command Command { get; } = new("help", "Show help for a command, or all settings.")
    {
        Arguments =
        [
            new("command", "A command, or `settings` for everything that can be set.") { Optional = true, Many = true },
        ],
        Examples = ["edgeproxy help backends add", "edgeproxy help settings"],
        Run = Run,
    };

    private static ExitCode Run(Invocation call)
    {
        if (call.Arguments is [Settings])
        {
            HelpText.WriteSettings(new Options(), call.Terminal);
            return ExitCode.Done;
        }

        ParsedLine line = CommandLine.Parse([.. call.Arguments, "--help"], Commands.Root, call.Options);
        bool known = line.Path.Count == call.Arguments.Count + 1;
        if (known)
        {
            HelpText.Write(line, call.Terminal);
            return ExitCode.Done;
        }

        string wrong = call.Arguments[line.Path.Count - 1];
        string? near = Suggestion.Nearest(wrong, [.. line.Command.ChildNames(), Settings]);
        call.Terminal.Complain($"there is no command '{wrong}'", near is null ? "See edgeproxy --help." : $"Did you mean '{near}'?");
        return ExitCode.Usage;
    }
}
