namespace EdgeProxy.Compare;

/// <summary>A program, its arguments and the variables it gets beside the inherited ones.</summary>
internal sealed record CommandLine(
    string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    public CommandLine(string program, params IReadOnlyList<string> arguments)
        : this(program, arguments, new Dictionary<string, string>(StringComparer.Ordinal))
    {
    }

    /// <summary>The same on given cores: taskset becomes the program (exec), so the pid is the program's own.</summary>
    public CommandLine On(string cores) => this with { Program = "taskset", Arguments = ["-c", cores, Program, .. Arguments] };

    public override string ToString() => $"{Program} {string.Join(' ', Arguments)}";
}
