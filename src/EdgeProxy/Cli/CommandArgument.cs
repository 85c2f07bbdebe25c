namespace EdgeProxy;

/// <summary>A positional argument of a command.</summary>
internal sealed class CommandArgument(string name, string summary)
{
    /// <summary>What it is called in help: "ip".</summary>
    public string Name { get; } = name;

    /// <summary>What it is.</summary>
    public string Summary { get; } = summary;

    public bool Optional { get; init; }

    /// <summary>Takes all arguments that are left, one at least.</summary>
    public bool Many { get; init; }

    /// <summary>The only words it takes; empty for anything.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Whether a word is one of <see cref="Words"/>.</summary>
    public bool Takes(string given)
    {
        foreach (string word in Words)
        {
            if (word == given) { return true; }
        }

        return false;
    }

    public override string ToString() => (Optional, Many) switch
    {
        (true, true) => $"[{Name}...]",
        (true, false) => $"[{Name}]",
        (false, true) => $"<{Name}...>",
        _ => $"<{Name}>",
    };
}
