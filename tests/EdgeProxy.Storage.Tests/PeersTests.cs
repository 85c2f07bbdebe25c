using EdgeProxy.Routing;

namespace EdgeProxy.Storage.Tests;

/// <summary>The table of peers: made, migrated to, read beside the rest, refused row by row, written.</summary>
public sealed class PeersTests : IDisposable
{
    private const string Key1 = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private const string Key2 = "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private readonly TemporaryDirectory _directory = new();

    private string File => _directory.File("routing.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Init_WhenFileIsOfTheFirstVersion_AddsPeersAndLeavesTheRestAlone()
    {
        RoutingDbSchema.Init(File);
        SqliteCli.Run(File,
            "DROP TABLE peers; DELETE FROM edgeproxy_schema WHERE version = 2; INSERT INTO apps (name) VALUES ('a')");
        InitResult result = RoutingDbSchema.Init(File);
        Assert.Equal("peers", string.Join(' ', result.TablesAdded));
        Assert.Equal("a", SqliteCli.Run(File, "SELECT name FROM apps"));
        Assert.Equal("2", SqliteCli.Run(File, "SELECT max(version) FROM edgeproxy_schema"));
    }

    [Fact]
    public void Load_WhenThereIsNoSuchTable_HasNoPeers()
    {
        SqliteCli.Run(File, Samples.OriginalSchema + ";" + Samples.OriginalRows);
        Follower follower = Loaded();
        Assert.Empty(follower.Table!.Peers.Peers);
        Assert.Equal(3, follower.Table.BackendCount);
    }

    [Fact]
    public void Load_WhenRowsAreGood_ReadsEveryColumn()
    {
        RoutingDbSchema.Init(File);
        SqliteCli.Run(File, $"""
            INSERT INTO peers (name, region, public_key, endpoint, allowed_ips, keepalive)
                VALUES ('gru', 'sa', '{Key1}', 'gru.example.net:51820', '10.50.1.1/32, fd00:50:1::/48', 25);
            INSERT INTO peers (name, public_key, allowed_ips, enabled) VALUES ('off', '{Key2}', '10.50.2.1/32', 0)
            """);
        Follower follower = Loaded();
        Assert.Empty(follower.RowProblems);
        TunnelPeer peer = Assert.Single(follower.Table!.Peers.Peers);
        Assert.Equal(("gru", "sa", Key1, "gru.example.net:51820", 25),
            (peer.Name, peer.Region, peer.PublicKey.ToString(), peer.Endpoint.ToString(), peer.KeepaliveSeconds));
        Assert.Equal("10.50.1.1/32 fd00:50:1::/48", string.Join(' ', peer.AllowedIps));
    }

    /// <summary>A file of somebody else's has no constraints, and SQLite stores anything anywhere.</summary>
    [Fact]
    public void Load_WhenOneRowIsMistyped_LosesThatRowOnly()
    {
        SqliteCli.Run(File, Samples.OriginalSchema + ";" + Samples.OriginalRows + $"""
            ; CREATE TABLE peers (name, public_key, allowed_ips, keepalive);
            INSERT INTO peers VALUES ('gru', '{Key1}', '10.50.1.1/32', 25), ('iad', '{Key2}', x'00ff', 'often')
            """);
        Follower follower = Loaded();
        Assert.Equal("gru", Assert.Single(follower.Table!.Peers.Peers).Name);
        RowProblem problem = Assert.Single(follower.RowProblems);
        Assert.Equal(("peers", "iad", "allowed_ips"), (problem.Table, problem.Row, problem.Column));
        Assert.Equal(3, follower.Table.BackendCount);

        SqliteCli.Run(File,
            $"UPDATE peers SET allowed_ips = '10.50.1.1/32', keepalive = 0 WHERE name = 'iad'; UPDATE peers SET "
                + $"keepalive = 'x' WHERE name = 'gru'");
        follower.Load();
        // It now has what the bad row had.
        Assert.Equal(["iad"], follower.Table!.Peers.Peers.Select(static peer => peer.Name));
        SqliteCli.Run(File, "UPDATE peers SET allowed_ips = '10.50.2.1/32' WHERE name = 'iad'");
        follower.Load();
        Assert.Equal(["iad"], follower.Table!.Peers.Peers.Select(static peer => peer.Name));
    }

    [Fact]
    public void Load_WhenTheTableLacksAColumnItNeeds_ChangesNothing()
    {
        RoutingDbSchema.Init(File);
        Follower follower = Loaded();
        SqliteCli.Run(File, "ALTER TABLE peers RENAME COLUMN allowed_ips TO ips");
        follower.Load();
        Assert.Equal(StorageProblemKind.Structure, follower.Problem!.Kind);
        Assert.Contains("allowed_ips", follower.Problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name, public_key", "'', 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='")]
    [InlineData("name, public_key", "NULL, 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='")]
    [InlineData("name, public_key", "'a', NULL")]
    [InlineData("name, public_key", "'a', 'short'")]
    [InlineData("name, public_key", "'a', 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'")]
    [InlineData("name, public_key, endpoint", "'a', 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'host'")]
    [InlineData("name, public_key, keepalive", "'a', 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 65536")]
    [InlineData("name, public_key, keepalive", "'a', 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', '25s'")]
    [InlineData("name, public_key, allowed_ips", "'a', 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', x'00'")]
    [InlineData("name, public_key, enabled", "'a', 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 2")]
    public void Init_WhenDone_LetsTheFileRefuseNonsense(string columns, string values)
    {
        RoutingDbSchema.Init(File);
        Assert.Equal("refused", SqliteCli.Attempt(File, $"INSERT INTO peers ({columns}) VALUES ({values})"));
    }

    [Fact]
    public void Put_WhenARowHasTheNameOrTheKey_ReplacesItAndKeepsOthers()
    {
        RoutingDbSchema.Init(File);
        PeerStore store = new(File);
        StoredPeer gru = new() { Name = "gru", PublicKey = Key1, AllowedIps = "10.50.1.1/32" };
        Assert.Null(store.Put([gru, new StoredPeer { Name = "iad", PublicKey = Key2, Keepalive = 25 }]).Problem);
        StoredPeer iad = new() { Name = "iad", PublicKey = Key2, Keepalive = 25 };
        StoredPeer again = new()
        {
            Name = "gru1", PublicKey = Key1, AllowedIps = "10.50.1.1/32", Endpoint = "192.0.2.1:51820",
        };
        Assert.Null(store.Put([again]).Problem);
        Assert.Equivalent(new[] { again, iad }, store.List().Value!, strict: true);
    }

    [Fact]
    public void Put_WhenOneRowIsRefused_WritesNone()
    {
        RoutingDbSchema.Init(File);
        PeerStore store = new(File);
        Assert.NotNull(store.Put([new StoredPeer { Name = "gru", PublicKey = Key1 },
            new StoredPeer { Name = "iad", PublicKey = "short" }]).Problem);
        Assert.Empty(store.List().Value!);
    }

    [Fact]
    public void Put_WhenTheFileHasNoSuchTable_MakesIt()
    {
        SqliteCli.Run(File, Samples.OriginalSchema);
        PeerStore store = new(File);
        Assert.Equal(StorageProblemKind.Structure, store.List().Problem!.Kind);
        Assert.Null(store.Put([new StoredPeer { Name = "gru", PublicKey = Key1 }]).Problem);
        Assert.Equal("gru", Assert.Single(store.List().Value!).Name);
    }

    private Follower Loaded()
    {
        Follower follower = new(File);
        follower.Load();
        Assert.Null(follower.Problem);
        return follower;
    }
}
