namespace EdgeProxy;

/// <summary>A command as it was called.</summary>
internal sealed class Invocation(ParsedLine line, Options options, Terminal terminal)
{
    public Terminal Terminal { get; } = terminal;

    /// <summary>All settings, loaded and free of problems.</summary>
    public Options Options { get; } = options;

    public IReadOnlyList<string> Arguments => line.Arguments;

    public TextWriter Out => Terminal.Out;

    public bool Json => Has(CommandFlag.Json.Name);

    public bool Has(string flag) => Find(flag) is not null;

    /// <summary>The value of a flag, or null when it was not given.</summary>
    public string? Value(string flag) => Find(flag)?.Value;

    private GivenFlag? Find(string name)
    {
        foreach (GivenFlag flag in line.Flags)
        {
            if (flag.Name == name) { return flag; }
        }

        return null;
    }
}
