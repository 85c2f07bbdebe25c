using System.Globalization;

namespace EdgeProxy.Routing;

/// <summary>
/// Where a peer is reached by UDP: an address and a port, or a host name and a port that the slow side resolves.
/// </summary>
/// <param name="Host">The name; null when <paramref name="Address"/> counts.</param>
/// <param name="Address">The address, when there is no name.</param>
/// <param name="Port">1 to 65535.</param>
public readonly record struct PeerEndpoint(string? Host, IpAddress Address, ushort Port)
{
    private const int HostLengthMax = 253;
    private const int LabelLengthMax = 63;

    public bool IsName => Host is not null;

    /// <summary>Parses "203.0.113.7:51820", "[2001:db8::7]:51820" or "gru.example.net:51820" (RFC 1123 §2.1).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PeerEndpoint endpoint)
    {
        endpoint = default;
        if (IpEndpoint.TryParse(text, out IpEndpoint plain))
        {
            endpoint = new PeerEndpoint(null, plain.Address, plain.Port);
            return plain.Port != 0;
        }

        int colon = text.LastIndexOf(':');
        if (colon < 1 || !IsHostName(text[..colon])
            || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
                || port == 0)
        {
            return false;
        }

        endpoint = new PeerEndpoint(text[..colon].ToString().ToLowerInvariant(), default, port);
        return true;
    }

    /// <summary>What an address is that no packet can be sent to, or null; also for those a name resolves to.</summary>
    public static string? FaultOf(in IpAddress address) =>
        address == default || (address.IsIPv4 && address.V4 >> 24 == 0) ? "is an unspecified address"
        : address.IsIPv4 ? (address.V4 >> 29 == 7 ? "is a multicast or reserved address" : null)
        : address.High >> 56 == 0xFF ? "is a multicast address"
        : null;

    public override string ToString() => Host is null
        ? new IpEndpoint(Address, Port).ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>
    /// A name whose last label is a number would be an address written wrongly (256.1.1.1), never a host.
    /// </summary>
    private static bool IsHostName(ReadOnlySpan<char> name)
    {
        if (name.Length > HostLengthMax) { return false; }
        bool isNumber = true;
        foreach (Range range in name.Split('.'))
        {
            ReadOnlySpan<char> label = name[range];
            if (label.Length is 0 or > LabelLengthMax || label[0] == '-' || label[^1] == '-') { return false; }
            isNumber = true;
            foreach (char c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) { return false; }
                isNumber &= char.IsAsciiDigit(c);
            }
        }

        return !isNumber;
    }
}
