namespace EdgeProxy;

/// <summary>A command line, taken apart.</summary>
internal sealed class ParsedLine(IReadOnlyList<Command> path)
{
    /// <summary>The command and those above it, the root first.</summary>
    public IReadOnlyList<Command> Path { get; } = path;

    public Command Command => Path[^1];

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Flags of the command itself.</summary>
    public IReadOnlyList<GivenFlag> Flags { get; init; } = [];

    /// <summary>Flags that are settings.</summary>
    public IReadOnlyList<GivenFlag> Settings { get; init; } = [];

    public bool WantsHelp { get; init; }

    /// <summary>What is wrong with the line, or null.</summary>
    public ValueProblem? Problem { get; init; }

    /// <summary>"edgeproxy backends add".</summary>
    public string Title
    {
        get
        {
            string title = Path[0].Name;
            for (int i = 1; i < Path.Count; i++) { title += " " + Path[i].Name; }
            return title;
        }
    }
}
