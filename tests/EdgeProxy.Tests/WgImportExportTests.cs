namespace EdgeProxy.Tests;

/// <summary>wg-quick files into routing.db and out of it again.</summary>
public sealed class WgImportExportTests : IDisposable
{
    private const string Secret = "GIUVCT6VL18i6GXO8wEucvi18LWYrAMJ1drM47cPz1I=";
    private const string Key1 = "uFmW/sycfx/G0lcqdu2hHVm80gvo5UOxXOS9hajnWjM=";
    private const string Key2 = "WEAuaVuhdyscyTCXVfBDJR6nf9zxD75jmJzrfhkyE3Y=";

    private const string Good = $"""
        [Interface]
        PrivateKey = {Secret}
        Address = 10.50.1.1/16, fd00:50:1::1/48
        ListenPort = 51821
        MTU = 1380
        DNS = 10.50.0.53
        PostUp = touch never-executed

        # GRU - Sao Paulo
        [Peer]
        PublicKey = {Key1}
        PresharedKey = {Secret}
        AllowedIPs = 10.50.2.1/32, fd00:50:2::/48
        Endpoint = gru.example.net:51820
        PersistentKeepalive = 25

        [Peer]
        # name = fra1
        # region = eu
        PublicKey = {Key2}
        AllowedIPs = 10.50.3.7/24
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-wgquick-").FullName;

    public WgImportExportTests() => Assert.Equal(ExitCode.Done, new Session().Run("db", "init", Db));

    private string Db => Path.Combine(_directory, "routing.db");

    private string KeyPath => Path.Combine(_directory, "wireguard.key");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Import_WhenTheFileIsGood_WritesRowsKeysAndPrintsSettings()
    {
        (ExitCode code, Session session) = Import(Good);
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(
            ["EDGEPROXY_WIREGUARD=auto", "EDGEPROXY_WIREGUARD_ADDRESS=10.50.1.1/16,fd00:50:1::1/48",
                "EDGEPROXY_WIREGUARD_LISTEN_PORT=51821",
                "EDGEPROXY_WIREGUARD_MTU=1380", $"EDGEPROXY_WIREGUARD_KEY_FILE={KeyPath}"],
            session.Output.Trim().Split('\n'));
        Assert.Contains("line 6: DNS is not taken over", session.Error, StringComparison.Ordinal);
        Assert.Contains("line 7: PostUp is a command and is not executed", session.Error, StringComparison.Ordinal);
        Assert.False(File.Exists("never-executed"));
        Assert.Equal(Secret, File.ReadAllText(KeyPath).Trim());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        string psk = Path.Combine(_directory, "wireguard-b85996fe.psk");
        Assert.Equal(Secret, File.ReadAllText(psk).Trim());
        Assert.DoesNotContain(Secret, session.Output + session.Error, StringComparison.Ordinal);

        Session check = new();
        Assert.Equal(ExitCode.Done, Check(check));
        Assert.Contains("peers: 2", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_WhenWhatWasImported_IsTheSameAgain()
    {
        Import(Good);
        Session first = new();
        Assert.Equal(ExitCode.Done, Export(first, "--with-secrets"));
        Assert.Contains("AllowedIPs = 10.50.3.0/24", first.Output, StringComparison.Ordinal);
        Assert.Contains($"PrivateKey = {Secret}", first.Output, StringComparison.Ordinal);
        Assert.Contains("# name = GRU - Sao Paulo", first.Output, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Done, Import(first.Output).Code); // The keys are there and are the same.
        Session second = new();
        Assert.Equal(ExitCode.Done, Export(second, "--with-secrets"));
        Assert.Equal(first.Output, second.Output);
    }

    [Fact]
    public void Export_WhenNotAskedForSecrets_HasNone()
    {
        Import(Good);
        Session session = new();
        Assert.Equal(ExitCode.Done, Export(session));
        Assert.DoesNotContain(Secret, session.Output, StringComparison.Ordinal);
        Assert.Contains("# PrivateKey: in ", session.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_WhenAKeyFileHoldsAnotherKey_ChangesNothing()
    {
        File.WriteAllText(KeyPath, new string('A', 42) + "E=\n");
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (ExitCode code, Session session) = Import(Good);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("holds another key", session.Error, StringComparison.Ordinal);
        Assert.Empty(Peers());
        Assert.DoesNotContain(Directory.GetFiles(_directory), static file =>
            file.EndsWith(".psk", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AllowedIPs = 10.50.3.7/24", "AllowedIPs = 0.0.0.0/0", "takes in more than a backhaul may")]
    [InlineData("AllowedIPs = 10.50.3.7/24", "AllowedIPs = 10.50.2.0/24", "overlaps")]
    [InlineData("AllowedIPs = 10.50.3.7/24", "AllowedIPs = here", "is no CIDR block")]
    [InlineData("Endpoint = gru.example.net:51820", "Endpoint = gru", "line 14: Endpoint 'gru'")]
    [InlineData($"PublicKey = {Key2}", "PublicKey = x", "PublicKey is no key")]
    [InlineData($"PublicKey = {Key2}", "", "no PublicKey")]
    [InlineData("[Interface]", "[Interfaces]", "is no section")]
    public void Import_WhenTheFileIsWrong_SaysWhereAndChangesNothing(string part, string instead, string said)
    {
        (ExitCode code, Session session) = Import(Good.Replace(part, instead, StringComparison.Ordinal));
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(said, session.Error, StringComparison.Ordinal);
        Assert.Empty(Peers());
        Assert.False(File.Exists(KeyPath));
    }

    [Fact]
    public void Import_WhenTried_ChangesNothing()
    {
        Assert.Equal(ExitCode.Done, Import(Good, "--dry-run").Code);
        Assert.Empty(Peers());
        Assert.False(File.Exists(KeyPath));
    }

    [Fact]
    public void Export_WhenARowIsBad_LeavesItOutAndSaysSo()
    {
        Import(Good);
        new EdgeProxy.Storage.PeerStore(Db)
            .Put([new EdgeProxy.Storage.StoredPeer { Name = "wide", PublicKey = new string('B', 42)
            + "A=", AllowedIps = "::/0" }]);
        Session session = new();
        Assert.Equal(ExitCode.Problems, Export(session));
        Assert.Contains("peer 'wide' is left out", session.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("::/0", session.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "others than its owner")]
    [InlineData(UnixFileMode.None, null)]
    public void Check_WhenTheKeyFileIsOpenToOthers_SaysTheProxyWouldNotStart(UnixFileMode others, string? said)
    {
        Import(Good);
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        Session session = new();
        Assert.Equal(said is null ? ExitCode.Done : ExitCode.Failed, Check(session));
        Assert.Contains(said ?? "", session.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WhenThereIsNoAddress_NamesTheSetting()
    {
        Session session = new();
        Assert.Equal(ExitCode.Failed, session.Run("check", "--db-path", Db, "--wireguard", "auto"));
        Assert.Contains("EDGEPROXY_WIREGUARD_ADDRESS", session.Error, StringComparison.Ordinal);
    }

    private ExitCode Check(Session session) => session.Run(
        "check", "--db-path", Db, "--wireguard", "auto", "--wireguard-address", "10.50.1.1/16");

    private (ExitCode Code, Session Session) Import(string text, params string[] words)
    {
        string file = Path.Combine(_directory, "wg0.conf");
        File.WriteAllText(file, text);
        Session session = new();
        return (session.Run(["wg", "import", file, "--db-path", Db, .. words]), session);
    }

    private ExitCode Export(Session session, params string[] words) =>
        session.Run(["wg", "export", "--db-path", Db, "--wireguard-address", "10.50.1.1/16,fd00:50:1::1/48", .. words]);

    private IReadOnlyList<EdgeProxy.Storage.StoredPeer> Peers() => new EdgeProxy.Storage.PeerStore(Db).List().Value!;
}
