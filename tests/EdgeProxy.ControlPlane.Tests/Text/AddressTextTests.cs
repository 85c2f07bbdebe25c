using System.Net;
using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane.Tests;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData("203.0.113.7:65535")]
    [InlineData("[::]:1")]
    [InlineData("[::1]:80")]
    [InlineData("[1::]:80")]
    [InlineData("[2001:db8::1:0:0:1]:80")]
    [InlineData("[2001:db8:0:1:1:1:1:1]:80")]
    [InlineData("[1:0:0:2::3]:80")]
    public void Write_WhenTextIsCanonical_WritesTheSameText(string text)
    {
        Assert.True(IpEndpoint.TryParse(text, out IpEndpoint endpoint));
        Assert.Equal(text, Written(endpoint));
    }

    [Fact]
    public void Write_WhenAddressIsAny_AgreesWithTheFrameworkOnWhatItReadsBackAs()
    {
        Random random = new(41);
        byte[] bytes = new byte[16];
        for (int round = 0; round < 20_000; round++)
        {
            random.NextBytes(bytes);
            for (int i = 0; i < 16; i += 2)
            {
                if (random.Next(2) == 0) { bytes[i] = bytes[i + 1] = 0; } // Runs of zero groups are what can go wrong.
            }

            IpEndpoint endpoint = new(IpAddress.FromBytes(bytes), (ushort)random.Next(65_536));
            string text = Written(endpoint);
            Assert.True(IPEndPoint.TryParse(text, out IPEndPoint? parsed), text);
            Assert.Equal(endpoint.Port, parsed.Port);
            Assert.Equal(bytes, parsed.Address.MapToIPv6().GetAddressBytes());
        }
    }

    private static string Written(IpEndpoint endpoint)
    {
        byte[] target = new byte[AddressText.BytesMax];
        return Encoding.ASCII.GetString(target, 0, AddressText.Write(target, endpoint));
    }
}
