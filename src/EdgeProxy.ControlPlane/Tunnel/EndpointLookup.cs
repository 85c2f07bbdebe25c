using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>What asking for a peer's name came to.</summary>
/// <param name="Outcome">Whether there are addresses.</param>
/// <param name="Addresses">In the order to try them.</param>
internal readonly record struct EndpointLookup(HostLookupOutcome Outcome, IReadOnlyList<IpEndpoint> Addresses)
{
    private const int AddressesMax = 16;

    /// <summary>Asks the host's resolver; waits.</summary>
    public static EndpointLookup Ask(string name, ushort port)
    {
        Span<SocketAddress> found = stackalloc SocketAddress[AddressesMax];
        HostLookupOutcome outcome = HostLookup.Find(name, port, found, out int count);
        List<IpEndpoint> addresses = new(count);
        foreach (SocketAddress address in found[..count])
        {
            IpAddress ip = new(address.High, address.Low);
            if (PeerEndpoint.FaultOf(ip) is null) { addresses.Add(new IpEndpoint(ip, address.Port)); }
        }

        bool useless = outcome == HostLookupOutcome.Found && addresses.Count == 0;
        return new EndpointLookup(useless ? HostLookupOutcome.NoSuchName : outcome, addresses);
    }
}
