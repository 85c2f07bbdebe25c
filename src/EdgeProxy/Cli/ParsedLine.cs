namespace EdgeProxy;

/// <summary>A command line, taken apart.</summary>
/// <param name="Path">The command and those above it, the root first.</param>
internal sealed record ParsedLine(IReadOnlyList<Command> Path)
{
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
    public string Title => string.Join(' ', Path.Select(static c => c.Name));
}
