using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane.Tests;

public sealed class ProxyHeaderWriterTests
{
    private const ProxyTlvs Every = ProxyTlvs.Checksum | ProxyTlvs.UniqueId | ProxyTlvs.Country | ProxyTlvs.PopRegion;

    [Theory]
    [InlineData("203.0.113.7:56324", "192.0.2.1:443", "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n")]
    [InlineData("[2001:db8::1]:1", "[::1]:2", "PROXY TCP6 2001:db8:0:0:0:0:0:1 0:0:0:0:0:0:0:1 1 2\r\n")]
    [InlineData("[2001:db8::1]:1", "192.0.2.1:2", "PROXY TCP6 2001:db8:0:0:0:0:0:1 0:0:0:0:0:ffff:c000:201 1 2\r\n")]
    public void Write_WhenVersionIs1_WritesTheLine(string client, string local, string expected)
    {
        byte[] into = new byte[ProxyHeaderWriter.BytesMax];
        int length = ProxyHeaderWriter.Write(
            into, ProxyProtocolOut.V1, HeaderBytes.Endpoint(client), HeaderBytes.Endpoint(local), Every, 1, default, "sa"u8);

        Assert.Equal(expected, Encoding.ASCII.GetString(into, 0, length));
    }

    [Fact]
    public void Write_WhenOff_WritesNothing() => Assert.Equal(0, ProxyHeaderWriter.Write(
        new byte[ProxyHeaderWriter.BytesMax], ProxyProtocolOut.Off, default, default, Every, 1, default, default));

    [Fact]
    public void Write_WhenEveryFieldIsChosen_WritesTheExactBytes()
    {
        Assert.True(Country.TryParse("BR", out Country brazil));
        byte[] into = new byte[ProxyHeaderWriter.BytesMax];
        int length = ProxyHeaderWriter.Write(
            into, ProxyProtocolOut.V2, HeaderBytes.InetSource, HeaderBytes.InetDestination, Every, 0x0102030405060708, brazil, "sa"u8);

        byte[] expected = HeaderBytes.V2(0x21, 0x11, [
            .. HeaderBytes.Inet,
            .. HeaderBytes.Tlv(0x05, 1, 2, 3, 4, 5, 6, 7, 8),
            .. HeaderBytes.Tlv(0xE0, (byte)'B', (byte)'R'),
            .. HeaderBytes.Tlv(0xE1, (byte)'s', (byte)'a'),
            .. HeaderBytes.Tlv(0x03, 0, 0, 0, 0)]);
        Assert.Equal(HeaderBytes.WithChecksumAt(expected, expected.Length - 4), into[..length]);
    }

    [Fact]
    public void Write_WhenCountryAndRegionAreUnknown_LeavesTheirFieldsOut()
    {
        byte[] into = new byte[ProxyHeaderWriter.BytesMax];
        int length = ProxyHeaderWriter.Write(
            into, ProxyProtocolOut.V2, HeaderBytes.InetSource, HeaderBytes.InetDestination,
            ProxyTlvs.Country | ProxyTlvs.PopRegion, 1, Country.None, default);

        Assert.Equal(HeaderBytes.V2(0x21, 0x11, HeaderBytes.Inet), into[..length]);
    }

    [Fact]
    public void Write_WhenAddressesAreRandom_IsReadBackAsTheSame()
    {
        Random random = new(2_070);
        byte[] into = new byte[ProxyHeaderWriter.BytesMax];
        for (int round = 0; round < 50_000; round++)
        {
            IpEndpoint client = RandomEndpoint(random);
            IpEndpoint local = RandomEndpoint(random);
            var version = (ProxyProtocolOut)random.Next(1, 3);
            byte[] region = new byte[random.Next(0, ProxyHeaderWriter.PopRegionBytesMax + 2)];
            var country = new Country((byte)random.Next(Country.Count));
            int length = ProxyHeaderWriter.Write(
                into, version, client, local, (ProxyTlvs)random.Next(16), (ulong)random.NextInt64(), country, region);

            ProxyHeaderParse parse = ProxyHeaderParser.Parse(into.AsSpan(0, length));

            Assert.Equal(ProxyHeaderOutcome.Parsed, parse.Outcome);
            Assert.Equal(length, parse.HeaderBytes);
            Assert.Equal(client, parse.Source);
            Assert.Equal(local, parse.Destination);
        }
    }

    [Fact]
    public void WriteAndParse_WhenWarm_AllocateNothing()
    {
        byte[] into = new byte[ProxyHeaderWriter.BytesMax];
        long least = long.MaxValue; // The first rounds run code that is not yet optimised.
        for (int round = 0; round < 10; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            int parsed = RoundTrips(into, 1_000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(2_000, parsed);
        }

        Assert.Equal(0, least);
    }

    private static int RoundTrips(byte[] into, int count)
    {
        int parsed = 0;
        for (int i = 0; i < count; i++)
        {
            for (var version = ProxyProtocolOut.V1; version <= ProxyProtocolOut.V2; version++)
            {
                int length = ProxyHeaderWriter.Write(
                    into, version, HeaderBytes.InetSource, HeaderBytes.InetDestination, Every, 1, new Country(7), "eu"u8);
                if (ProxyHeaderParser.Parse(into.AsSpan(0, length)).HasAddresses) { parsed++; }
            }
        }

        return parsed;
    }

    private static IpEndpoint RandomEndpoint(Random random)
    {
        IpAddress address = random.Next(3) switch
        {
            0 => IpAddress.FromV4((uint)random.NextInt64()),
            1 => new IpAddress((ulong)random.NextInt64(), (ulong)random.NextInt64()),
            _ => new IpAddress(0x2001_0DB8_0000_0000, (ulong)random.Next(3)),
        };
        return new IpEndpoint(address, (ushort)random.Next(65_536));
    }
}
