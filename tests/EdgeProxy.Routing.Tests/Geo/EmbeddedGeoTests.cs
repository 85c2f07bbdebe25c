using System.Globalization;

namespace EdgeProxy.Routing.Tests;

public sealed class EmbeddedGeoTests
{
    private static readonly GeoTable s_packed = EmbeddedGeo.Load();
    private static readonly GeoTable s_table = s_packed.Unpack();

    [Theory]
    [InlineData("200.160.2.3", "BR")] // registro.br
    [InlineData("2001:12ff:0:2::3", "BR")]
    [InlineData("81.91.170.12", "DE")] // denic.de
    [InlineData("2a02:568:122:16:1::5", "DE")]
    [InlineData("200.1.123.46", "CL")] // nic.cl
    [InlineData("192.134.5.37", "FR")] // afnic.fr
    [InlineData("2001:67c:2218:302::51:231", "FR")]
    [InlineData("202.12.27.33", "JP")] // m.root-servers.net's operator
    [InlineData("128.112.128.15", "US")] // princeton.edu
    [InlineData("203.0.113.7", "")] // documentation
    [InlineData("10.1.2.3", "")]
    [InlineData("127.0.0.1", "")]
    [InlineData("fe80::1", "")]
    [InlineData("2002:c8a0:203::1", "BR")] // 6to4 of the first
    public void Find_WhenAddressIsWellKnown_IsInItsCountry(string address, string country)
    {
        Assert.True(IpAddress.TryParse(address, out IpAddress parsed));
        Assert.Equal(country, s_table.Find(parsed).ToString());
        Assert.Equal(country, s_packed.Find(parsed).ToString());
    }

    [Fact]
    public void Ranges_WhenAllAreLookedAt_HaveEveryCountry()
    {
        HashSet<Country> found = [.. s_table.RangesV4().Select(static r => r.Country), .. s_table.RangesV6().Select(static r => r.Country)];
        string missing = string.Join(' ', Country.GetAll().Where(c => !found.Contains(c)));
        Assert.Equal("", missing);
    }

    [Fact]
    public void Find_WhenStillPacked_AnswersAsUnpacked()
    {
        const int Seed = 20261125;
        Random random = new(Seed);
        (ulong Start, Country Country)[] sites = [.. s_table.RangesV6()];
        for (int i = 0; i < 2_000; i++)
        {
            IpAddress v4 = IpAddress.FromV4((uint)random.NextInt64(1L << 32));
            Assert.Equal(s_table.Find(v4), s_packed.Find(v4));
            IpAddress v6 = new(sites[random.Next(1, sites.Length)].Start - (ulong)random.Next(2), 0);
            Assert.Equal(s_table.Find(v6), s_packed.Find(v6));
        }
    }

    [Fact]
    public void Table_WhenUnpacked_KnowsItsDayAndName()
    {
        Assert.Equal(EmbeddedGeo.BuiltAt, s_table.BuiltAt);
        Assert.InRange(s_table.BuiltAt, new DateOnly(2026, 6, 1), new DateOnly(2099, 1, 1));
        Assert.Equal("embedded", s_table.Source);
        Assert.True(s_table.RangeCount > 600_000, s_table.RangeCount.ToString(CultureInfo.InvariantCulture));
    }
}
