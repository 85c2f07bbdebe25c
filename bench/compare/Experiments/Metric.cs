namespace EdgeProxy.Compare;

/// <summary>A number of a report: its key, its heading with the unit, its format, and what it is multiplied by.</summary>
internal sealed record Metric(string Key, string Heading, string Format = "0.0", double Scale = 1);
