using EdgeProxy.Routing;
using EdgeProxy.Storage;

namespace EdgeProxy;

/// <summary>Judges rows of <c>peers</c> by the rules of the running proxy, without one.</summary>
internal static class PeerJudge
{
    /// <param name="rows">In the order in which the first has what two want.</param>
    /// <param name="rules">What is known of this host.</param>
    /// <param name="problems">What the proxy would say of single rows.</param>
    /// <returns>The peers it would have.</returns>
    public static PeerTable Judge(IEnumerable<StoredPeer> rows, PeerRules rules, out IReadOnlyList<RowProblem> problems)
    {
        RoutingDefaults defaults = new() { PopRegion = DefaultRegions.Names[0], Peers = rules };
        RoutingTableBuilder builder = new(null, new AppIds(), new BackendSlots(), defaults);
        foreach (StoredPeer row in rows)
        {
            builder.AddPeer(new PeerRow
            {
                Name = row.Name,
                Region = row.Region,
                PublicKey = row.PublicKey,
                Endpoint = row.Endpoint,
                AllowedIps = row.AllowedIps,
                PresharedKeyFile = row.PresharedKeyFile,
                Keepalive = row.Keepalive,
                Enabled = row.Enabled,
            });
        }

        return builder.Build(out problems)?.Peers ?? PeerTable.Empty;
    }
}
