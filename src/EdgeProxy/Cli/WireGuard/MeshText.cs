using System.Globalization;
using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy;

/// <summary>What each POP of a plan runs with: settings and rows of <c>peers</c>, or a wg-quick file.</summary>
/// <param name="pops">All of them.</param>
/// <param name="plan">Their addresses.</param>
/// <param name="hub">The one everybody goes through; null for a full mesh.</param>
/// <param name="privateKeys">By name, where they are to be written; wg-quick files take them.</param>
internal sealed class MeshText(
    IReadOnlyList<MeshPop> pops, MeshPlan plan, MeshPop? hub, IReadOnlyDictionary<string, SecretKey> privateKeys)
{
    private const int NatKeepaliveSeconds = 25;
    private const ushort PortDefault = 51820;

    /// <summary>Everything there is to say of the plan as a whole.</summary>
    public void WriteSummary(TextWriter output)
    {
        output.WriteLine($"# {(hub is null ? "full mesh" : $"hub {hub.Name}")} of {pops.Count} POPs in "
            + $"{plan.NetworkOfV4} and {plan.NetworkOfV6}");
        foreach (MeshPop pop in pops)
        {
            output.WriteLine($"#   {pop.Name} ({pop.Region}): {plan.AddressOfV4(pop).Address}, "
                + $"{plan.AddressOfV6(pop).Address}, "
                + $"{(pop.Endpoint is { } endpoint ? endpoint.ToString() : "calls others")}");
        }
    }

    public void WriteSettings(TextWriter output, MeshPop pop)
    {
        output.WriteLine();
        output.WriteLine($"# ---- {pop.Name}: settings");
        output.WriteLine("EDGEPROXY_WIREGUARD=auto");
        output.WriteLine($"EDGEPROXY_WIREGUARD_ADDRESS={plan.AddressOfV4(pop)},{plan.AddressOfV6(pop)}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"EDGEPROXY_WIREGUARD_LISTEN_PORT={PortOf(pop)}"));
        output.WriteLine($"EDGEPROXY_REGION={pop.Region}");
        output.WriteLine($"# ---- {pop.Name}: rows, for sqlite3 routing.db");
        foreach (MeshPop peer in PeersOf(pop))
        {
            string endpoint = peer.Endpoint is { } known ? $"'{known}'" : "NULL";
            string keepalive = KeepaliveOf(pop) is > 0 and int seconds ? seconds.ToString(CultureInfo.InvariantCulture)
                : "NULL";
            output.WriteLine("INSERT OR REPLACE INTO peers (name, region, public_key, endpoint, allowed_ips, "
                + "keepalive) VALUES "
                + $"('{peer.Name}', '{peer.Region}', '{KeyOf(peer)}', {endpoint}, "
                + $"'{BlocksOf(peer)}', {keepalive});");
        }
    }

    public void WriteWgQuick(TextWriter output, MeshPop pop)
    {
        output.WriteLine();
        output.WriteLine($"# ---- {pop.Name}");
        WgQuickFile file = new()
        {
            PrivateKey = privateKeys.GetValueOrDefault(pop.Name),
            Addresses = [plan.AddressOfV4(pop), plan.AddressOfV6(pop)],
            ListenPort = PortOf(pop) is > 0 and ushort port ? port : null,
        };
        StringBuilder text = new(WgQuickWriter.Write(file, privateKey: $"made on {pop.Name} by: edgeproxy wg genkey"));
        foreach (MeshPop peer in PeersOf(pop))
        {
            // By hand and not by the writer: a public key may be a placeholder.
            text.Append(CultureInfo.InvariantCulture,
                $"\n[Peer]\n# name = {peer.Name}\n# region = {peer.Region}\nPublicKey = {KeyOf(peer)}\n");
            if (peer.Endpoint is { } endpoint) { text.Append("Endpoint = ").Append(endpoint.ToString()).Append('\n'); }
            text.Append("AllowedIPs = ").Append(BlocksOf(peer)).Append('\n');
            if (KeepaliveOf(pop) is > 0 and int seconds)
            {
                text.Append(CultureInfo.InvariantCulture, $"PersistentKeepalive = {seconds}\n");
            }
        }

        output.Write(text.ToString());
    }

    /// <summary>Warns of pairs that can never meet: neither has an endpoint.</summary>
    public void WriteUnreachable(Terminal terminal)
    {
        foreach (MeshPop one in pops)
        {
            foreach (MeshPop other in PeersOf(one))
            {
                bool meet = one.Endpoint is not null || other.Endpoint is not null;
                if (meet || string.CompareOrdinal(one.Name, other.Name) >= 0) { continue; }
                terminal.Error.WriteLine($"{terminal.Warning("warning:")} {one.Name} and {other.Name} both have no "
                    + "endpoint, so neither can call the other: give one an endpoint, or plan with --hub");
            }
        }
    }

    private List<MeshPop> PeersOf(MeshPop pop)
    {
        if (hub is not null && pop != hub) { return [hub]; }
        List<MeshPop> others = [.. pops];
        others.Remove(pop);
        return others;
    }

    /// <summary>A hub stands for the whole network, any other POP for itself.</summary>
    private string BlocksOf(MeshPop peer) => peer == hub
        ? $"{plan.NetworkOfV4}, {plan.NetworkOfV6}"
        : $"{new IpPrefix(plan.AddressOfV4(peer).Address, 128)}, {new IpPrefix(plan.AddressOfV6(peer).Address, 128)}";

    /// <summary>Who cannot be called keeps the way open that its own calls have made.</summary>
    private static int KeepaliveOf(MeshPop pop) => pop.Endpoint is null ? NatKeepaliveSeconds : 0;

    private static ushort PortOf(MeshPop pop) => pop.Endpoint is { } endpoint ? endpoint.Port : PortDefault;

    private static string KeyOf(MeshPop pop) =>
        pop.PublicKey?.ToString() ?? $"<public key of {pop.Name}: edgeproxy wg pubkey < wireguard.key>";
}
