using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>CIDR blocks, separated by commas; empty for none.</summary>
internal sealed class PrefixListSetting : TypedSetting<IReadOnlyList<IpPrefix>>
{
    private const int CountMax = 10_000;

    public PrefixListSetting(string name, string defaultText, string summary)
        : base(name, defaultText, summary)
    {
        TakeDefault();
    }

    public override string Accepts => "CIDR blocks such as 10.0.0.0/8 or 2001:db8::/32, separated by commas";

    public override string Text => string.Join(',', Value);

    protected override ValueProblem? Parse(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > CountMax) { return new ValueProblem($"holds {parts.Length} blocks", $"Give at most {CountMax}."); }
        IpPrefix[] prefixes = new IpPrefix[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!IpPrefix.TryParse(parts[i], out prefixes[i])) { return Problem(parts[i]); }
        }

        Value = prefixes;
        return null;
    }

    private static ValueProblem Problem(string part)
    {
        int slash = part.IndexOf('/');
        bool hostBits = slash > 0 && IpAddress.TryParse(part.AsSpan(0, slash), out IpAddress _);
        return hostBits
            ? new ValueProblem($"holds '{part}', whose length is out of range or leaves address bits set beyond it",
                "Write the block's first address, such as 10.1.0.0/16.")
            : new ValueProblem($"holds '{part}', which is not a CIDR block", "Write 10.0.0.0/8 or 2001:db8::/32.");
    }
}
