namespace EdgeProxy;

/// <summary>A flag of one command.</summary>
internal sealed class CommandFlag(string name, string? value, string summary)
{
    /// <summary>With its dashes.</summary>
    public string Name { get; } = name;

    /// <summary>What its value is called in help, or null when it stands alone.</summary>
    public string? Value { get; } = value;

    /// <summary>What it does.</summary>
    public string Summary { get; } = summary;

    public override string ToString() => Value is null ? Name : $"{Name} <{Value}>";

    public static CommandFlag Json { get; } = new("--json", null, "Print JSON for a script instead of text for a person.");
}
