namespace EdgeProxy;

/// <summary>A flag as it was typed.</summary>
/// <param name="Name">With its dashes: "--workers".</param>
/// <param name="Value">Its value, or null for a switch that stood alone.</param>
internal readonly record struct GivenFlag(string Name, string? Value);
