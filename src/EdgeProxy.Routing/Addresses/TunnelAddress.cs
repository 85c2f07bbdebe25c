using System.Globalization;

namespace EdgeProxy.Routing;

/// <summary>An address of this host inside the tunnel with the length of its network: "10.50.1.1/16".</summary>
/// <param name="Address">The host's.</param>
/// <param name="Bits">In IPv6 form: an IPv4 /16 has 112.</param>
public readonly record struct TunnelAddress(IpAddress Address, int Bits)
{
    private const int MappedBits = 96;

    /// <summary>The block that is reached through the tunnel because of this address.</summary>
    public IpPrefix Network => new(Address.Prefix(Bits), Bits);

    /// <summary>Parses "10.50.1.1/16", "fd12:3456:789a:1::1/64" or a bare address (itself alone).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TunnelAddress address)
    {
        address = default;
        int slash = text.IndexOf('/');
        ReadOnlySpan<char> host = slash < 0 ? text : text[..slash];
        if (!IpAddress.TryParse(host, out IpAddress own) || own.IsIPv4 == host.Contains(':')) { return false; }
        int most = own.IsIPv4 ? 32 : 128;
        int bits = most;
        if (slash >= 0 && (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out bits)
            || bits > most))
        {
            return false;
        }

        address = new TunnelAddress(own, own.IsIPv4 ? bits + MappedBits : bits);
        return true;
    }

    public override string ToString() => $"{Address}/{(Address.IsIPv4 ? Bits - MappedBits : Bits)}";
}
