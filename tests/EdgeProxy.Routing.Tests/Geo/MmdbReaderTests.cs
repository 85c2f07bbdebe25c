namespace EdgeProxy.Routing.Tests;

public sealed class MmdbReaderTests
{
    [Theory]
    [InlineData("GeoIP2-City-Test")]
    [InlineData("GeoIP2-Country-Test")]
    [InlineData("GeoIP2-Enterprise-Test")]
    [InlineData("GeoIP2-Precision-Enterprise-Test")]
    [InlineData("GeoLite2-City-Test")]
    [InlineData("GeoLite2-Country-Test")]
    public void Read_WhenFileHasCountries_AgreesWithTheReferenceReader(string file)
    {
        int compared = ReferenceReader.Compare(MmdbFiles.Read(file), file);
        Assert.True(compared > 150, $"only {compared} addresses were compared");
    }

    [Fact]
    public void Read_WhenFileHasCountries_KeepsItsDateAndType()
    {
        GeoTable table = MmdbReader.Read(MmdbFiles.Read("GeoIP2-Country-Test"), "/etc/geo.mmdb");
        Assert.Equal("/etc/geo.mmdb (GeoIP2-Country)", table.Source);
        Assert.InRange(table.BuiltAt, new DateOnly(2014, 1, 1), new DateOnly(2030, 1, 1));
    }

    [Theory]
    [InlineData("2.125.160.217", "GB")]
    [InlineData("2002:27d:a0d9::1", "GB")] // 6to4
    [InlineData("2001:0:102:304::fd82:5f26", "GB")] // Teredo: the client's own address, not its server's 1.2.3.4
    [InlineData("2001:218::1", "JP")]
    [InlineData("2001:220::1", "KR")] // one address of this /64 is in SE
    [InlineData("10.0.0.1", "")]
    [InlineData("::1", "")]
    public void Read_WhenAddressEmbedsOrDividesAnother_FindsTheClientsCountry(string address, string country)
    {
        GeoTable table = MmdbReader.Read(MmdbFiles.Read("GeoIP2-Country-Test"), "test");
        Assert.True(IpAddress.TryParse(address, out IpAddress parsed));
        Assert.Equal(country, table.Find(parsed).ToString());
    }

    [Theory]
    [InlineData("GeoLite2-ASN-Test")]
    [InlineData("MaxMind-DB-no-ipv4-search-tree")]
    [InlineData("MaxMind-DB-string-value-entries")]
    [InlineData("MaxMind-DB-test-decoder")]
    [InlineData("MaxMind-DB-test-ipv4-24")]
    [InlineData("MaxMind-DB-test-ipv4-28")]
    [InlineData("MaxMind-DB-test-ipv4-32")]
    [InlineData("MaxMind-DB-test-ipv6-24")]
    [InlineData("MaxMind-DB-test-ipv6-28")]
    [InlineData("MaxMind-DB-test-ipv6-32")]
    [InlineData("MaxMind-DB-test-metadata-pointers")]
    [InlineData("MaxMind-DB-test-mixed-24")]
    [InlineData("MaxMind-DB-test-mixed-28")]
    [InlineData("MaxMind-DB-test-mixed-32")]
    [InlineData("MaxMind-DB-test-nested")]
    [InlineData("MaxMind-DB-test-pointer-decoder")]
    public void Read_WhenFileIsWholeButHoldsNoCountries_SaysSo(string file)
    {
        GeoFileException refusal = Assert.Throws<GeoFileException>(() => MmdbReader.Read(MmdbFiles.Read(file), "x.mmdb"));
        Assert.StartsWith("x.mmdb: a ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("has no countries in it", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GeoIP2-City-Test-Broken-Double-Format", "a Double is")]
    [InlineData("GeoIP2-City-Test-Invalid-Node-Count", "node_count is")]
    [InlineData("MaxMind-DB-test-broken-pointers-24", "a pointer leads to offset")]
    [InlineData("MaxMind-DB-test-broken-search-tree-24", "the tree is deeper than")]
    public void Read_WhenFileIsDamaged_SaysWhatAndWhere(string file, string what)
    {
        GeoFileException refusal = Assert.Throws<GeoFileException>(() => MmdbReader.Read(MmdbFiles.Read(file), "x.mmdb"));
        Assert.StartsWith("x.mmdb: damaged at byte ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
    }
}
