namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Where the country of a client comes from: the table in the binary, an MMDB file, and what a bad file does.</summary>
public sealed class GeoDataTests : IDisposable
{
    // In GeoIP2-Country-Test; the other two are not, so they tell the tables apart.
    private const string Briton = "2.125.160.217";
    private const string Brazilian = "200.160.2.3";
    private const string German = "81.91.170.12";

    private const string GeoRefused = "the geo file cannot be used";

    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-geo-").FullName;
    private readonly NamedBackend _sa = new("sa-1");
    private readonly NamedBackend _us = new("us-1");
    private readonly NamedBackend _eu = new("eu-1");

    private string GeoPath => Path.Combine(_directory, "country.mmdb");

    public void Dispose()
    {
        _sa.Dispose();
        _us.Dispose();
        _eu.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("uring")]
    [InlineData("epoll")]
    public void Client_WhenNoGeoFileIsConfigured_ReachesTheRegionOfItsCountry(string io)
    {
        using ProxyProcess proxy = Start(("IO", io));
        Assert.Equal("sa-1", Ask(proxy, Brazilian));
        Assert.Equal("eu-1", Ask(proxy, German));
        Assert.Equal("us-1", Ask(proxy, "10.1.2.3"));
        Assert.Equal("sa-1", Ask(proxy, "2001:12ff:0:2::3"));
        Assert.Contains("\"source\":\"embedded\"", Ready(proxy), StringComparison.Ordinal);
        proxy.End();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not a database")]
    public void Start_WhenTheGeoFileIsBad_ServesByTheEmbeddedTableUntilAGoodOneComes(string? content)
    {
        if (content is not null) { File.WriteAllText(GeoPath, content); }
        using ProxyProcess proxy = Start(("GEOIP_PATH", GeoPath));
        string complaint = Assert.Single(proxy.Errors());
        Assert.Contains(GeoPath, complaint, StringComparison.Ordinal);
        Assert.Contains("the embedded country table is in use", complaint, StringComparison.Ordinal);
        Assert.Equal("sa-1", Ask(proxy, Brazilian));
        Assert.Contains("the geo file cannot be used, embedded is in use", Ready(proxy), StringComparison.Ordinal);
        Assert.Contains("edgeproxy_reloads_total{file=\"geo\",result=\"failed\"} 1", proxy.Get("/metrics").Body, StringComparison.Ordinal);
        Assert.Equal(4, proxy.Cli("check", "--geoip-path", GeoPath).ExitCode);

        PutGoodFile();
        Assert.Contains(GeoPath, proxy.WaitFor("geo data replaced"), StringComparison.Ordinal);
        Assert.Equal("eu-1", Ask(proxy, Briton));
        Assert.Contains("\"last_error\":null", Ready(proxy)[Ready(proxy).IndexOf("\"geo\"", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Equal(0, proxy.Cli("check", "--geoip-path", GeoPath).ExitCode);
        proxy.End(GeoRefused);
    }

    [Fact]
    public void Replacement_WhenCorrupt_KeepsTheOldData()
    {
        PutGoodFile();
        using ProxyProcess proxy = Start(("GEOIP_PATH", GeoPath));
        Assert.Equal("eu-1", Ask(proxy, Briton));
        string other = GeoPath + ".new";
        File.WriteAllText(other, new string('x', 100_000));
        File.Move(other, GeoPath, overwrite: true);
        Assert.Contains(GeoPath, proxy.WaitFor("the last good data stays"), StringComparison.Ordinal);
        Assert.Equal("eu-1", Ask(proxy, Briton));
        Assert.Contains("GeoIP2-Country", Ready(proxy), StringComparison.Ordinal);
        proxy.End(GeoRefused);
    }

    [Fact]
    public void Truncation_WhenInPlaceUnderLoad_HurtsNobody()
    {
        const int Rounds = 20;
        PutGoodFile();
        byte[] whole = File.ReadAllBytes(GeoPath);
        using ProxyProcess proxy = Start(("GEOIP_PATH", GeoPath));
        for (int round = 0; round < Rounds; round++)
        {
            using (FileStream file = new(GeoPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                file.SetLength(round * 100); // Shared: the proxy may be reading it.
            }

            Assert.Equal("eu-1", Ask(proxy, Briton));
            using (FileStream file = new(GeoPath, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
            {
                file.Write(whole);
            }

            Assert.Equal("eu-1", Ask(proxy, Briton));
        }

        proxy.End(GeoRefused);
    }

    [Fact]
    public void Binary_WhenBuilt_IsWithinItsBudget()
    {
        const long BytesMax = 5_000_000;
        Assert.InRange(new FileInfo(Programs.EdgeProxy).Length, 1, BytesMax);
    }

    private void PutGoodFile()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "data", "GeoIP2-Country-Test.mmdb");
        File.Copy(source, GeoPath + ".good");
        File.Move(GeoPath + ".good", GeoPath, overwrite: true);
    }

    /// <summary>The POP is in us, so a client of no known country goes there and nobody gets to sa or eu by chance.</summary>
    private ProxyProcess Start(params (string Name, string Value)[] settings) => ProxyProcess.Start(
        Rows.Backend("sa-1", "sa", _sa.Port) + Rows.Backend("us-1", "us", _us.Port) + Rows.Backend("eu-1", "eu", _eu.Port),
        [("REGION", "us"), ("PROXY_PROTOCOL", "optional"), ("PROXY_PROTOCOL_TRUSTED", "127.0.0.0/8"), .. settings]);

    private static string Ready(ProxyProcess proxy) => proxy.Get("/ready").Body;

    private static string Ask(ProxyProcess proxy, string address) => Wire.Ask(
        proxy.Client, address.Contains(':', StringComparison.Ordinal)
            ? $"PROXY TCP6 {address} ::1 4000 8080\r\n"
            : $"PROXY TCP4 {address} 127.0.0.1 4000 8080\r\n");
}
