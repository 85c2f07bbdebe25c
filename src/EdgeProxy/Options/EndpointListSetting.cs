using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>Addresses with ports, separated by commas.</summary>
internal sealed class EndpointListSetting : TypedSetting<IReadOnlyList<IpEndpoint>>
{
    private readonly int _countMax;

    public EndpointListSetting(string name, string defaultText, int countMax, string summary)
        : base(name, defaultText, summary)
    {
        _countMax = countMax;
        TakeDefault();
    }

    public override string Accepts => _countMax == 1
        ? "address:port, IPv6 in brackets"
        : $"address:port, IPv6 in brackets; up to {_countMax} of them, separated by commas";

    public override string Text => string.Join(',', Value);

    protected override ValueProblem? Parse(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length > _countMax)
        {
            return new ValueProblem($"holds {parts.Length} addresses", $"Give at most {_countMax}.");
        }

        IpEndpoint[] endpoints = new IpEndpoint[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!IpEndpoint.TryParse(parts[i], out endpoints[i]))
            {
                return new ValueProblem(parts.Length == 1 ? "is not an address and a port" : $"holds '{parts[i]}', which is not an address and a port",
                    "Write 0.0.0.0:8080 or [::]:8080 (numbers, no host names).");
            }
        }

        Value = endpoints;
        return null;
    }
}
