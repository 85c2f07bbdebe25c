using System.Net;

namespace EdgeProxy.Compare;

/// <summary>Where the proxies listen, where their backend is and where edgeproxy shows its metrics.</summary>
internal sealed record Addresses(IPEndPoint Proxy, IPEndPoint Backend, IPEndPoint Metrics)
{
    /// <summary>Fixed ports: the comparison has a network namespace of its own.</summary>
    public static Addresses Loopback { get; } = new(
        new IPEndPoint(IPAddress.Loopback, 7000),
        new IPEndPoint(IPAddress.Loopback, 7001),
        new IPEndPoint(IPAddress.Loopback, 7002));
}
