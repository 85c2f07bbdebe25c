namespace EdgeProxy.Routing.Tests;

public sealed class IpAddressTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("203.0.113.7")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("2001:db8::1")]
    [InlineData("fd00:1:2:3:4:5:6:7")]
    public void TryParse_WhenTextIsCanonical_PrintsTheSameText(string text)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.04")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("1..2.3")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("127.1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::1/64")]
    [InlineData("1.2.3.4 ")]
    public void TryParse_WhenTextIsNotAStrictAddress_Refuses(string text) =>
        Assert.False(IpAddress.TryParse(text, out _));

    [Fact]
    public void TryParse_WhenAddressIsMapped_IsTheSameClientAsPlainIPv4()
    {
        Assert.True(IpAddress.TryParse("::ffff:192.0.2.1", out IpAddress mapped));
        Assert.True(IpAddress.TryParse("192.0.2.1", out IpAddress plain));
        Assert.Equal(plain, mapped);
    }

    [Fact]
    public void HashCode_WhenHalvesAreChosenToCancelOut_StillTellsAddressesApart()
    {
        const int Count = 10_000;
        int equal = Enumerable.Range(0, Count).Select(static i => new IpAddress((ulong)i, 0UL - (ulong)i).GetHashCode()).Distinct().Count();
        int folded = Enumerable.Range(0, Count).Select(static i => new IpAddress((ulong)i * 0x1_0000_0001, 0).GetHashCode()).Distinct().Count();
        Assert.InRange(equal, Count - 10, Count);
        Assert.InRange(folded, Count - 10, Count);
    }
}
