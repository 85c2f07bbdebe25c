namespace EdgeProxy;

/// <summary>A positional argument of a command.</summary>
/// <param name="Name">What it is called in help: "ip".</param>
/// <param name="Summary">What it is.</param>
internal sealed record CommandArgument(string Name, string Summary)
{
    public bool Optional { get; init; }

    /// <summary>Takes all arguments that are left, one at least.</summary>
    public bool Many { get; init; }

    /// <summary>The only words it takes; empty for anything.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    public override string ToString() => (Optional, Many) switch
    {
        (true, true) => $"[{Name}...]",
        (true, false) => $"[{Name}]",
        (false, true) => $"<{Name}...>",
        _ => $"<{Name}>",
    };
}
