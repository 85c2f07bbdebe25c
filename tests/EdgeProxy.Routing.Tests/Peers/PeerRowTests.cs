namespace EdgeProxy.Routing.Tests;

/// <summary>
/// Rows of <c>peers</c>: each bad one is told apart, harms only itself and keeps its last good version.
/// </summary>
public sealed class PeerRowTests
{
    private static readonly PeerRow s_gru = Row(1) with { Name = "gru", AllowedIps = "10.50.1.1/32, fd00:50:1::/48" };

    private readonly TableMaker _maker = new();

    public PeerRowTests() => _maker.Defaults = _maker.Defaults with
    {
        Peers = new PeerRules
        {
            IsOwnKey = static key => key == Key(99),
            OwnAddresses = [Address("10.50.9.1/16"), Address("fd00:50:9::1/48")],
            ReadPresharedKey = static path => path == "/good"
                ? new KeyRead(new SecretKey(Enumerable.Repeat((byte)5, 32).ToArray()), "", "")
                : new KeyRead(null, "can be used by others than its owner (mode 0644)", $"chmod 600 {path}"),
        },
    };

    [Fact]
    public void Row_WhenGood_BecomesAPeer()
    {
        TunnelPeer peer = Assert.Single(Publish(s_gru with
        {
            Region = "sa", Endpoint = "[2001:db8::1]:51820", Keepalive = 25, PresharedKeyFile = "/good",
        }).Peers);
        Assert.Empty(_maker.Problems);
        Assert.Equal(("gru", "sa", Key(1), "[2001:db8::1]:51820", 25),
            (peer.Name, peer.Region, peer.PublicKey, peer.Endpoint.ToString(), peer.KeepaliveSeconds));
        Assert.Equal("10.50.1.1/32 fd00:50:1::/48", string.Join(' ', peer.AllowedIps));
        Assert.Equal(5, peer.PresharedKey!.Span[31]);
    }

    [Theory]
    [InlineData("name", "")]
    [InlineData("name", "a\nb")]
    [InlineData("region", "a\tb")]
    [InlineData("public_key", "")]
    [InlineData("public_key", "short")]
    [InlineData("public_key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("public_key", "YwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")] // This host's own.
    [InlineData("endpoint", "gru.example.net")]
    [InlineData("endpoint", "gru.example.net:0")]
    [InlineData("endpoint", "gru.example.net:65536")]
    [InlineData("endpoint", "256.1.1.1:51820")]
    [InlineData("endpoint", "-gru.example.net:51820")]
    [InlineData("endpoint", "gru..example.net:51820")]
    [InlineData("endpoint", "2001:db8::1:51820")]
    [InlineData("endpoint", "0.0.0.0:51820")]
    [InlineData("endpoint", "224.0.0.1:51820")]
    [InlineData("endpoint", "[::]:51820")]
    [InlineData("endpoint", "[ff02::1]:51820")]
    [InlineData("endpoint", "10.50.1.1:51820")] // Inside its own allowed IPs.
    [InlineData("allowed_ips", "0.0.0.0/0")]
    [InlineData("allowed_ips", "::/0")]
    [InlineData("allowed_ips", "0.0.0.0/1, 128.0.0.0/1")]
    [InlineData("allowed_ips", "10.0.0.0/7")]
    [InlineData("allowed_ips", "2000::/3")]
    [InlineData("allowed_ips", "fc00::/7")]
    [InlineData("allowed_ips", "::/80")]
    [InlineData("allowed_ips", "::ffff:10.0.0.0/104")]
    [InlineData("allowed_ips", "10.50.1.1/24")]
    [InlineData("allowed_ips", "10.50.1.0/33")]
    [InlineData("allowed_ips", "all")]
    [InlineData("allowed_ips", "127.0.0.1/32")]
    [InlineData("allowed_ips", "::1/128")]
    [InlineData("allowed_ips", "169.254.169.254/32")]
    [InlineData("allowed_ips", "224.0.0.0/8")]
    [InlineData("allowed_ips", "fe80::/64")]
    [InlineData("allowed_ips", "10.50.9.1/32")] // This host's own.
    [InlineData("allowed_ips", "fd00:50:9::1")]
    [InlineData("preshared_key_file", "/open")]
    [InlineData("keepalive", "-1")]
    [InlineData("keepalive", "65536")]
    public void Row_WhenAColumnIsBad_IsRefusedWithRowColumnAndCure(string column, string value)
    {
        PeerRow good = Row(2) with { Name = "iad", AllowedIps = "10.50.2.1/32" };
        PeerRow bad = column switch
        {
            "name" => s_gru with { Name = value },
            "region" => s_gru with { Region = value },
            "public_key" => s_gru with { PublicKey = value },
            "endpoint" => s_gru with { Endpoint = value },
            "allowed_ips" => s_gru with { AllowedIps = value },
            "preshared_key_file" => s_gru with { PresharedKeyFile = value },
            _ => s_gru with { Keepalive = long.Parse(value, System.Globalization.CultureInfo.InvariantCulture) },
        };
        Assert.Equal("iad", Names(Publish(bad, good)));
        RowProblem problem = Assert.Single(_maker.Problems);
        Assert.Equal(("peers", column), (problem.Table, problem.Column));
        Assert.NotEmpty(problem.Problem);
        Assert.NotEmpty(problem.Cure);
    }

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("fd00::/8")]
    [InlineData("2001:db8::/32")]
    [InlineData("10.50.0.0/16")] // Holds this host's address, as a hub's block does.
    [InlineData("")]
    public void AllowedIps_WhenAsWideAsABackhaulMayBe_AreTaken(string blocks)
    {
        Assert.Equal("gru", Names(Publish(s_gru with { AllowedIps = blocks })));
        Assert.Empty(_maker.Problems);
    }

    [Theory]
    [InlineData("10.50.1.1/32", "10.50.1.1")]
    [InlineData("10.50.0.0/16", "10.50.1.1/32")]
    [InlineData("10.50.1.1/32", "10.50.0.0/16")]
    [InlineData("fd00:50::/32", "10.50.3.1, fd00:50:7::/48")]
    public void AllowedIps_WhenTwoPeersShareAnAddress_StayTheFirstRows(string first, string second)
    {
        Assert.Equal("gru",
            Names(Publish(s_gru with { AllowedIps = first }, Row(2) with { Name = "iad", AllowedIps = second })));
        RowProblem problem = Assert.Single(_maker.Problems);
        Assert.Equal(("iad", "allowed_ips"), (problem.Row, problem.Column));
        Assert.Contains("'gru'", problem.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AllowedIps_WhenOnePeersNest_AreTakenAsTheWider() => Assert.Equal(
        "10.50.0.0/16",
            string.Join(' ',
            Publish(s_gru with { AllowedIps = "10.50.1.0/24, 10.50.0.0/16, 10.50.0.0/24" }).Peers[0].AllowedIps));

    [Fact]
    public void Rows_WhenTwoHaveOneNameOrKey_AreTheFirstOnly()
    {
        PeerRow sameName = Row(2) with { Name = "gru" };
        PeerRow sameKey = Row(1) with { Name = "iad" };
        Assert.Equal("gru", Names(Publish(s_gru, sameName, sameKey)));
        Assert.Equal("name public_key", string.Join(' ', _maker.Problems.Select(static problem => problem.Column)));
    }

    [Fact]
    public void Row_WhenItGoesBad_KeepsItsLastGoodVersion()
    {
        Publish(s_gru);
        Assert.Equal("10.50.1.1/32 fd00:50:1::/48",
            string.Join(' ', Publish(s_gru with { AllowedIps = "0.0.0.0/0" }).Peers[0].AllowedIps));
        Assert.Single(_maker.Problems);
        Assert.Empty(Publish().Peers); // A row that is gone keeps nothing.
        Assert.Empty(Publish(s_gru with { AllowedIps = "0.0.0.0/0" }).Peers);
    }

    [Fact]
    public void Row_WhenBad_GivesWayToAGoodOneThatWantsWhatItHad()
    {
        Publish(s_gru);
        PeerTable table =
            Publish(s_gru with { Keepalive = -1 }, Row(2) with { Name = "iad", AllowedIps = "10.50.1.1/32" });
        Assert.Equal("iad", Names(table));
    }

    [Fact]
    public void Row_WhenNotEnabled_IsLeftOutWhateverElseItSays()
    {
        Publish(s_gru);
        Assert.Empty(Publish(s_gru with { Enabled = false, PublicKey = "none", AllowedIps = "::/0" }).Peers);
        Assert.Empty(_maker.Problems);
    }

    [Fact]
    public void Table_WhenACommitChangesNoPeer_IsTheSameObject()
    {
        PeerRow row = s_gru with { PresharedKeyFile = "/good" };
        PeerTable before = Publish(row);
        Assert.Same(before, Publish(row));
        Assert.NotSame(before, Publish(row with { Keepalive = 25 }));
    }

    /// <summary>Random blocks: exactly the rows that share no address with an earlier accepted one are in.</summary>
    [Fact]
    public void AllowedIps_WhenRandom_AreJudgedAsPairByPair()
    {
        Random random = new(20_260_303);
        for (int round = 0; round < 200; round++)
        {
            List<IpPrefix> naive = [];
            List<PeerRow> rows = [];
            for (int i = 0; i < 12; i++)
            {
                int bits = 104 + random.Next(25);
                IpPrefix block = new(IpAddress.FromV4((10u << 24) | (uint)random.Next(1 << 24)).Prefix(bits), bits);
                rows.Add(Row((byte)(i + 1)) with { Name = $"p{i:00}", AllowedIps = block.ToString() });
                if (!naive.Any(other => other.Contains(block.Address) || block.Contains(other.Address))
                    && !block.Equals(Own)) { naive.Add(block); }
            }

            PeerTable table = new PeerRowTests().Publish([.. rows]);
            Assert.Equal(naive.Order(Comparer<IpPrefix>.Create(static (a, b) => a.Address.CompareTo(b.Address))),
                table.Peers.SelectMany(static peer => peer.AllowedIps).OrderBy(static block => block.Address));
        }
    }

    private static IpPrefix Own => new(Address("10.50.9.1/16").Address, 128);

    private static PeerRow Row(byte key) => new() { Name = $"peer-{key}", PublicKey = Key(key).ToString() };

    private static PeerKey Key(byte first) => new([first, .. new byte[31]]);

    private static TunnelAddress Address(string text)
    {
        Assert.True(TunnelAddress.TryParse(text, out TunnelAddress address));
        return address;
    }

    private static string Names(PeerTable table) => string.Join(' ', table.Peers.Select(static peer => peer.Name));

    private PeerTable Publish(params PeerRow[] rows)
    {
        RoutingTableBuilder builder = _maker.NewBuilder();
        foreach (PeerRow row in rows) { builder.AddPeer(row); }
        return _maker.Publish(builder).Peers;
    }
}
