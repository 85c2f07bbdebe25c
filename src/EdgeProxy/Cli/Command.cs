namespace EdgeProxy;

/// <summary>
/// One command of the command line: its help, its shell completion, its line in docs/reference/cli.md and what it does.
/// </summary>
internal sealed class Command(string name, string summary)
{
    public string Name { get; } = name;

    public string Summary { get; } = summary;

    /// <summary>Further sentences for its own help page.</summary>
    public string Details { get; init; } = "";

    public IReadOnlyList<CommandArgument> Arguments { get; init; } = [];

    public IReadOnlyList<CommandFlag> Flags { get; init; } = [];

    /// <summary>Commands below it; a command has either those or <see cref="Run"/>.</summary>
    public IReadOnlyList<Command> Commands { get; init; } = [];

    /// <summary>Takes every setting as a flag.</summary>
    public bool TakesSettings { get; init; }

    /// <summary>Left out of help and completion: for the build, not for people.</summary>
    public bool Hidden { get; init; }

    public IReadOnlyList<string> Examples { get; init; } = [];

    public Func<Invocation, ExitCode>? Run { get; init; }

    public Command? Child(string name)
    {
        foreach (Command command in Commands)
        {
            if (command.Name == name) { return command; }
        }

        return null;
    }

    /// <summary>Names of the commands below it that are for people.</summary>
    public List<string> ChildNames()
    {
        List<string> names = [];
        foreach (Command command in Commands)
        {
            if (!command.Hidden) { names.Add(command.Name); }
        }

        return names;
    }

    /// <summary>Names of its own flags and of the help.</summary>
    public List<string> FlagNames()
    {
        List<string> names = [];
        foreach (CommandFlag flag in Flags) { names.Add(flag.Name); }
        names.Add("--help");
        return names;
    }

    public CommandFlag? Flag(string name)
    {
        foreach (CommandFlag flag in Flags)
        {
            if (flag.Name == name) { return flag; }
        }

        return null;
    }
}
