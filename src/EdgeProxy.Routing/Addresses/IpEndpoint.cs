using System.Globalization;

namespace EdgeProxy.Routing;

/// <summary>An address and a TCP port: what a listener is bound to and what a backend answers on.</summary>
public readonly record struct IpEndpoint(IpAddress Address, ushort Port)
{
    /// <summary>Parses "1.2.3.4:80" or "[2001:db8::1]:80"; a port of 0 is kept (a listener may ask for any).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpEndpoint endpoint)
    {
        endpoint = default;
        int colon = text.LastIndexOf(':');
        if (colon < 1) { return false; }
        ReadOnlySpan<char> host = text[..colon];
        bool bracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        if (bracketed) { host = host[1..^1]; }
        if (host.Contains(':') != bracketed || !IpAddress.TryParse(host, out IpAddress address)
            || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return false;
        }

        endpoint = new IpEndpoint(address, port);
        return true;
    }

    public override string ToString() => Address.IsIPv4 ? $"{Address}:{Port}" : $"[{Address}]:{Port}";
}
