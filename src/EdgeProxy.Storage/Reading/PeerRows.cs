using EdgeProxy.Routing;

namespace EdgeProxy.Storage;

/// <summary>The peers of the WireGuard backhaul; a file without the table has none.</summary>
internal static class PeerRows
{
    public const string Table = "peers";

    public static readonly string[] Needed = ["name", "public_key", "allowed_ips"];

    public static readonly SmallTable Peers = new(
        Table, "name",
        ["name", "region", "public_key", "endpoint", "allowed_ips", "preshared_key_file", "keepalive", "enabled"],
        Needed, StorageLimits.PeersMax,
        static (row, builder) =>
        {
            PeerRow peer = Read(row);
            if (row.Fault is null || peer.Enabled == false) { builder.AddPeer(peer); }
            else { builder.KeepPeer(row.Key, row.Fault); }
        });

    private static PeerRow Read(RowFields row) => new()
    {
        Enabled = row.Flag("enabled"),
        Name = row.Text("name") ?? "",
        Region = row.Text("region"),
        PublicKey = row.Text("public_key"),
        Endpoint = row.Text("endpoint"),
        AllowedIps = row.Text("allowed_ips"),
        PresharedKeyFile = row.Text("preshared_key_file"),
        Keepalive = row.Whole("keepalive"),
    };
}
