namespace EdgeProxy.Routing.Tests;

public sealed class DefaultRegionsTests
{
    [Theory]
    [InlineData("sa", "BR AR CL PE CO UY PY BO EC VE")]
    [InlineData("us", "US CA MX")]
    [InlineData("eu", "PT ES FR DE NL IT GB IE BE CH AT PL CZ SE NO DK FI RU UA")]
    [InlineData("ap", "JP KR TW HK SG MY TH VN ID PH AU NZ CN IN")]
    public void RegionOf_WhenTheOriginalNamedTheCountry_IsTheSame(string region, string countries)
    {
        foreach (string code in countries.Split(' '))
        {
            Assert.True(Country.TryParse(code, out Country country));
            Assert.Equal(region, DefaultRegions.RegionOf(country));
        }
    }

    [Fact]
    public void RegionOf_WhenAnyCountryIsAsked_IsARegion()
    {
        Country[] all = [.. Country.GetAll()];
        Assert.Equal(249, all.Length);
        Assert.Equal(249, all.Select(static c => c.ToString()).Distinct(StringComparer.Ordinal).Count());
        Assert.All(all, static country => Assert.Contains(DefaultRegions.RegionOf(country), DefaultRegions.Names, StringComparer.Ordinal));
        Assert.Equal("", DefaultRegions.RegionOf(Country.None));
    }

    [Theory]
    [InlineData("sa", "BR")]
    [InlineData("us", "US")]
    [InlineData("eu", "DE")]
    [InlineData("ap", "JP")]
    [InlineData("mars", "")]
    public void DefaultCountryOf_WhenABackendNamesOnlyItsRegion_IsTheOriginals(string region, string country) =>
        Assert.Equal(country, DefaultRegions.DefaultCountryOf(region).ToString());
}
