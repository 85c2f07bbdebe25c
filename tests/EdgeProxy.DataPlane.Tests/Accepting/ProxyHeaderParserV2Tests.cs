using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane.Tests;

public sealed class ProxyHeaderParserV2Tests
{
    private const int Local = 0x20;
    private const int Proxy = 0x21;

    [Theory]
    [InlineData(0x11)]
    [InlineData(0x12)] // A QUIC client of the proxy before us.
    public void Parse_WhenFamilyIsInet_TakesBothAddresses(int familyAndTransport)
    {
        byte[] header = HeaderBytes.V2(Proxy, familyAndTransport, HeaderBytes.Inet);

        ProxyHeaderParse parse = ProxyHeaderParser.Parse([.. header, 1, 2, 3]);

        Assert.Equal(ProxyHeaderOutcome.Parsed, parse.Outcome);
        Assert.True(parse.HasAddresses);
        Assert.Equal(28, parse.HeaderBytes);
        Assert.Equal(HeaderBytes.InetSource, parse.Source);
        Assert.Equal(HeaderBytes.InetDestination, parse.Destination);
    }

    [Fact]
    public void Parse_WhenIPv6AddressIsMapped_IsTheSameClientAsPlainIPv4()
    {
        byte[] block = new byte[36];
        block[10] = block[11] = 0xFF;
        HeaderBytes.Inet.AsSpan(0, 4).CopyTo(block.AsSpan(12));
        block[31] = 1;
        block[33] = 80;

        ProxyHeaderParse parse = ProxyHeaderParser.Parse(HeaderBytes.V2(Proxy, 0x21, block));

        Assert.Equal(HeaderBytes.Endpoint("203.0.113.7:80"), parse.Source);
        Assert.Equal(HeaderBytes.Endpoint("[::1]:0"), parse.Destination);
    }

    public static TheoryData<int, int, byte[]> HeadersWithoutAddresses => new()
    {
        { Local, 0x00, [] },
        { Local, 0x11, HeaderBytes.Inet },
        { Local, 0xFF, [1, 2, 3] }, // LOCAL: family and block are ignored whatever they say.
        { Proxy, 0x00, [] },
        { Proxy, 0x00, [9, 9, 9, 9, 9] },
        { Proxy, 0x01, [] },
        { Proxy, 0x10, HeaderBytes.Inet },
        { Proxy, 0x31, new byte[216] },
        { Proxy, 0x32, [.. new byte[216], .. HeaderBytes.Tlv(0x04)] },
    };

    [Theory, MemberData(nameof(HeadersWithoutAddresses))]
    public void Parse_WhenHeaderCarriesNoUsableAddress_LeavesThePeer(int command, int family, byte[] block)
    {
        ProxyHeaderParse parse = ProxyHeaderParser.Parse([.. HeaderBytes.V2(command, family, block), 7]);

        Assert.Equal(ProxyHeaderOutcome.Parsed, parse.Outcome);
        Assert.False(parse.HasAddresses);
        Assert.Equal(16 + block.Length, parse.HeaderBytes);
    }

    public static TheoryData<byte[], string> MalformedHeaders => new()
    {
        { HeaderBytes.V2(0x11, 0x11, HeaderBytes.Inet), "Version" },
        { HeaderBytes.V2(0x31, 0x11, HeaderBytes.Inet), "Version" },
        { HeaderBytes.V2(0x01, 0x11, HeaderBytes.Inet), "Version" },
        { HeaderBytes.V2(0x22, 0x11, HeaderBytes.Inet), "Command" },
        { HeaderBytes.V2(0x2F, 0x11, HeaderBytes.Inet), "Command" },
        { HeaderBytes.V2(Proxy, 0x41, new byte[216]), "Family" },
        { HeaderBytes.V2(Proxy, 0xF1, new byte[216]), "Family" },
        { HeaderBytes.V2(Proxy, 0x13, HeaderBytes.Inet), "Transport" },
        { HeaderBytes.V2(Proxy, 0x0F), "Transport" },
        { HeaderBytes.V2WithLength(Proxy, 0x11, 4081), "TooLong" },
        { HeaderBytes.V2WithLength(Proxy, 0x11, 65535), "TooLong" },
        { HeaderBytes.V2WithLength(Local, 0x00, 65535), "TooLong" },
        { HeaderBytes.V2(Proxy, 0x11, new byte[11]), "AddressesCutShort" },
        { HeaderBytes.V2(Proxy, 0x11), "AddressesCutShort" },
        { HeaderBytes.V2(Proxy, 0x21, new byte[35]), "AddressesCutShort" },
        { HeaderBytes.V2(Proxy, 0x31, new byte[215]), "AddressesCutShort" },
        { WithTlvs([0x04]), "Tlv" },
        { WithTlvs([0x04, 0]), "Tlv" },
        { WithTlvs([0x04, 0, 1]), "Tlv" },
        { WithTlvs([.. HeaderBytes.Tlv(0x04, 1, 2), 0x02, 0xFF, 0xFF, 1]), "Tlv" },
        { WithTlvs(HeaderBytes.Tlv(0x03)), "Tlv" },
        { WithTlvs(HeaderBytes.Tlv(0x03, 1, 2, 3)), "Tlv" },
        { WithTlvs(HeaderBytes.Tlv(0x03, 1, 2, 3, 4, 5)), "Tlv" },
        { WithTlvs(HeaderBytes.Tlv(0x05, new byte[129])), "Tlv" },
        { WithTlvs(HeaderBytes.Tlv(0x03, 0, 0, 0, 0)), "Checksum" },
        { HeaderBytes.WithChecksumAt(WithTlvs([.. HeaderBytes.Tlv(3, 0, 0, 0, 0), .. HeaderBytes.Tlv(3, 0, 0, 0, 0)]), 31), "Checksum" },
    };

    [Theory, MemberData(nameof(MalformedHeaders))]
    public void Parse_WhenHeaderBreaksARule_SaysWhich(byte[] header, string problem)
    {
        ProxyHeaderParse parse = ProxyHeaderParser.Parse(header);

        Assert.Equal(ProxyHeaderOutcome.Malformed, parse.Outcome);
        Assert.Equal(problem, parse.Problem.ToString());
    }

    [Fact]
    public void Parse_WhenVersionIsWrong_DoesNotWaitForTheRest() =>
        Assert.Equal(ProxyHeaderProblem.Version, ProxyHeaderParser.Parse(HeaderBytes.V2(0x11, 0x11).AsSpan(0, 13)).Problem);

    [Fact]
    public void Parse_WhenHeaderIsAsLongAsAllowed_TakesIt()
    {
        byte[] header = WithTlvs(HeaderBytes.Tlv(0xEE, new byte[ProxyHeaderParser.V2BytesMax - 28 - 3]));

        Assert.Equal(ProxyHeaderParser.V2BytesMax, header.Length);
        Assert.Equal(header.Length, ProxyHeaderParser.Parse(header).HeaderBytes);
    }

    [Fact]
    public void Parse_WhenFieldsAreUnknownOrEmpty_SkipsThem()
    {
        byte[] header = WithTlvs(
            [.. HeaderBytes.Tlv(0x01), .. HeaderBytes.Tlv(0x02, 1, 2, 3), .. HeaderBytes.Tlv(0x05, new byte[128]), .. HeaderBytes.Tlv(0xFF, 1)]);

        Assert.Equal(HeaderBytes.InetSource, ProxyHeaderParser.Parse(header).Source);
    }

    [Fact]
    public void Parse_WhenOneBitOfAChecksummedHeaderIsFlipped_NeverYieldsAnotherAddress()
    {
        byte[] header = HeaderBytes.WithChecksumAt(
            WithTlvs([.. HeaderBytes.Tlv(0xE0, 66, 82), .. HeaderBytes.Tlv(0x03, 0, 0, 0, 0), .. HeaderBytes.Tlv(0x04, 0)]), 28 + 5 + 3);
        Assert.Equal(HeaderBytes.InetSource, ProxyHeaderParser.Parse(header).Source);

        for (int bit = 0; bit < header.Length * 8; bit++)
        {
            byte[] flipped = [.. header];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            ProxyHeaderParse parse = ProxyHeaderParser.Parse(flipped);
            if (parse.HasAddresses) { Assert.Equal(HeaderBytes.InetSource, parse.Source); }
            if (bit / 8 is >= 16 and < 28) { Assert.Equal(ProxyHeaderProblem.Checksum, parse.Problem); }
        }
    }

    private static byte[] WithTlvs(byte[] tlvs) => HeaderBytes.V2(Proxy, 0x11, [.. HeaderBytes.Inet, .. tlvs]);
}
