using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>Addresses of this host with the length of their networks, separated by commas; empty for none.</summary>
internal sealed class TunnelAddressListSetting : TypedSetting<IReadOnlyList<TunnelAddress>>
{
    private const int CountMax = 16;

    /// <summary>The widest networks an address may stand for, as wide as what a peer may have.</summary>
    private const int BitsLeastV4 = 96 + 8;
    private const int BitsLeastV6 = 16;

    public TunnelAddressListSetting(string name, string defaultText, string summary)
        : base(name, defaultText, summary)
    {
        TakeDefault();
    }

    public override string Accepts => "addresses such as 10.50.1.1/16 or fd12:3456:789a:1::1/48, separated by commas";

    public override string Text => string.Join(',', Value);

    protected override ValueProblem? Parse(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > CountMax) { return new ValueProblem($"holds {parts.Length} addresses",
            $"Give at most {CountMax}."); }
        TunnelAddress[] addresses = new TunnelAddress[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!TunnelAddress.TryParse(parts[i], out addresses[i]))
            {
                return new ValueProblem($"holds '{parts[i]}', which is not an address with a length",
                    $"Give {Accepts}.");
            }

            if (addresses[i].Bits < (addresses[i].Address.IsIPv4 ? BitsLeastV4 : BitsLeastV6))
            {
                return new ValueProblem($"holds '{parts[i]}', whose network is wider than a backhaul may be",
                    "Give a length of 8 or more for IPv4, 16 or more for IPv6.");
            }

            if (addresses.AsSpan(0, i).Contains(addresses[i]))
            {
                return new ValueProblem($"holds '{parts[i]}' twice", "Give each address once.");
            }
        }

        Value = addresses;
        return null;
    }
}
