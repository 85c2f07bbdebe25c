using System.Text;
using EdgeProxy.Crypto;
using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>
/// The addresses of a mesh. IPv4 as in the original's documents: 10.50.R.N/16, R by region (central 0, sa 1, us 2, eu
/// 3, ap 4, others from 5 in the order they are named), N by order within it. IPv6 alike: the subnet R and the host N
/// of a unique local /48 whose global ID is a hash of a seed, where RFC 4193 §3.2.2 takes a hash of time and MAC
/// address. So the same list and seed give the same plan on every host, and a POP added at the end changes no other.
/// </summary>
internal sealed class MeshPlan
{
    private const uint NetworkV4 = (10u << 24) | (50u << 16);
    private const int NetworkBitsV4 = 96 + 16;
    private const int NetworkBitsV6 = 48;
    private const int RegionsMax = 256;
    private const int PopsPerRegionMax = 254;
    private const int GlobalIdBytes = 5;
    private const int HostBits = 8;

    private static readonly string[] s_regions = ["central", "sa", "us", "eu", "ap"];

    // By name: the region in bits 8 and up, the host below, as they stand in an IPv4 address.
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly ulong _prefix;

    private MeshPlan(string seed) => _prefix = UniqueLocalPrefix(seed);

    public IpPrefix NetworkOfV4 { get; } = new(IpAddress.FromV4(NetworkV4), NetworkBitsV4);

    public IpPrefix NetworkOfV6 => new(new IpAddress(_prefix, 0), NetworkBitsV6);

    /// <param name="pops">In an order that is kept: later ones are added at the end.</param>
    /// <param name="seed">Anything that is this network's alone, and stays.</param>
    /// <param name="problem">Why there is no plan.</param>
    public static MeshPlan? Make(IReadOnlyList<MeshPop> pops, string seed, out string? problem)
    {
        MeshPlan plan = new(seed);
        List<string> regions = [.. s_regions];
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (MeshPop pop in pops)
        {
            if (!regions.Contains(pop.Region)) { regions.Add(pop.Region); }
            int host = counts.GetValueOrDefault(pop.Region) + 1;
            counts[pop.Region] = host;
            problem = regions.Count > RegionsMax ? $"there are more than {RegionsMax} regions"
                : host > PopsPerRegionMax ? $"region {pop.Region} has more than {PopsPerRegionMax} POPs"
                : !plan._places.TryAdd(pop.Name, (regions.IndexOf(pop.Region) << HostBits) | host) ? $"POP {pop.Name} is named twice"
                : null;
            if (problem is not null) { return null; }
        }

        problem = null;
        return plan;
    }

    public TunnelAddress AddressOfV4(MeshPop pop) =>
        new(IpAddress.FromV4(NetworkV4 | (uint)_places[pop.Name]), NetworkBitsV4);

    public TunnelAddress AddressOfV6(MeshPop pop)
    {
        uint place = (uint)_places[pop.Name];
        uint host = place & ((1 << HostBits) - 1);
        return new TunnelAddress(new IpAddress(_prefix | (place >> HostBits), host), NetworkBitsV6);
    }

    /// <summary>fd and 40 bits of hash, as the upper half of an address.</summary>
    private static ulong UniqueLocalPrefix(string seed)
    {
        Span<byte> hash = stackalloc byte[Blake2s.HashBytes];
        using (Blake2s blake = new()) { blake.Hash("edgeproxy wg mesh "u8, Encoding.UTF8.GetBytes(seed), hash); }
        ulong globalId = 0;
        foreach (byte b in hash[..GlobalIdBytes]) { globalId = (globalId << 8) | b; }
        return (0xFDul << 56) | (globalId << 16);
    }
}
