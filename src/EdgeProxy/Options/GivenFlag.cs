namespace EdgeProxy;

/// <summary>A flag as it was typed.</summary>
internal sealed class GivenFlag(string name, string? value)
{
    /// <summary>With its dashes: "--workers".</summary>
    public string Name { get; } = name;

    /// <summary>Its value, or null for a switch that stood alone.</summary>
    public string? Value { get; } = value;
}
