namespace EdgeProxy;

/// <summary>A flag of one command.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Value">What its value is called in help, or null when it stands alone.</param>
/// <param name="Summary">What it does.</param>
internal sealed record CommandFlag(string Name, string? Value, string Summary)
{
    public static CommandFlag Json { get; } = new("--json", null, "Print JSON for a script instead of text for a person.");
}
