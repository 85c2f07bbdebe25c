namespace EdgeProxy.DataPlane.Tests;

public sealed class ProxyHeaderParserV1Tests
{
    [Theory]
    [InlineData("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n", "203.0.113.7:56324", "192.0.2.1:443")]
    [InlineData("PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n", "0.0.0.0:0", "255.255.255.255:65535")]
    [InlineData("PROXY TCP6 2001:db8::1 ::1 1 2\r\n", "[2001:db8::1]:1", "[::1]:2")]
    [InlineData("PROXY TCP6 :: 1:2:3:4:5:6:7:: 1 2\r\n", "[::]:1", "[1:2:3:4:5:6:7:0]:2")]
    [InlineData("PROXY TCP6 FFFF:0:0:0:0:0:0:AbCd ::2:3:4:5:6:7:8 1 2\r\n", "[ffff::abcd]:1", "[0:2:3:4:5:6:7:8]:2")]
    [InlineData("PROXY TCP6 0001:0002:0003:0004:0005:0006:0007:0008 1::8 1 2\r\n", "[1:2:3:4:5:6:7:8]:1", "[1::8]:2")]
    [InlineData("PROXY TCP6 ::ffff:203.0.113.7 ::ffff:c000:201 1 2\r\n", "203.0.113.7:1", "192.0.2.1:2")]
    public void Parse_WhenLineIsValid_TakesBothAddresses(string line, string source, string destination)
    {
        ProxyHeaderParse parse = ProxyHeaderParser.Parse(HeaderBytes.Text(line + "GET"));

        Assert.Equal(ProxyHeaderOutcome.Parsed, parse.Outcome);
        Assert.True(parse.HasAddresses);
        Assert.Equal(line.Length, parse.HeaderBytes);
        Assert.Equal(HeaderBytes.Endpoint(source), parse.Source);
        Assert.Equal(HeaderBytes.Endpoint(destination), parse.Destination);
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("PROXY UNKNOWN \r\n")]
    [InlineData("PROXY UNKNOWN whatever  stands \0 here\r\n")]
    [InlineData("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n")]
    public void Parse_WhenProtocolIsUnknown_IgnoresTheRestOfTheLine(string line)
    {
        ProxyHeaderParse parse = ProxyHeaderParser.Parse(HeaderBytes.Text(line));

        Assert.Equal(ProxyHeaderOutcome.Parsed, parse.Outcome);
        Assert.False(parse.HasAddresses);
        Assert.Equal(line.Length, parse.HeaderBytes);
    }

    public static TheoryData<string, string> MalformedLines => new()
    {
        { "PROXYTCP4 1.2.3.4 5.6.7.8 1 2\r\n", "LineFamily" },
        { "PROXY  TCP4 1.2.3.4 5.6.7.8 1 2\r\n", "LineFamily" },
        { "PROXY TCP5 1.2.3.4 5.6.7.8 1 2\r\n", "LineFamily" },
        { "PROXY tcp4 1.2.3.4 5.6.7.8 1 2\r\n", "LineFamily" },
        { "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n", "LineFamily" },
        { "PROXY UNKNOWNX\r\n", "LineFamily" },
        { "PROXY TCP4\r\n", "LineFamily" },
        { "PROXY \r\n", "LineFamily" },
        { "PROXY\r\n", "LineFamily" },
        { "PROXY TCP4 \r\n", "LineFields" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n", "LineFields" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 1 \r\n", "LineFields" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n", "LineFields" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n", "LineFields" },
        { "PROXY TCP4  1.2.3.4 5.6.7.8 1 2\r\n", "LineFields" },
        { "PROXY TCP4 1.2.3.4  5.6.7.8 1 2\r\n", "LineFields" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8  1 2\r\n", "LineFields" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 1  2\r\n", "LineFields" },
        { "PROXY TCP4 1.2.3.4\t5.6.7.8 1 2\r\n", "LineFields" },
        { "PROXY TCP4 256.2.3.4 5.6.7.8 1 2\r\n", "LineAddress" },
        { "PROXY TCP4 1.2.3.4 5.6.7.256 1 2\r\n", "LineAddress" },
        { "PROXY TCP4 01.2.3.4 5.6.7.8 1 2\r\n", "LineAddress" },
        { "PROXY TCP4 00.2.3.4 5.6.7.8 1 2\r\n", "LineAddress" },
        { "PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n", "LineAddress" },
        { "PROXY TCP4 1.2.3.4.5 5.6.7.8 1 2\r\n", "LineAddress" },
        { "PROXY TCP4 1.2.3. 5.6.7.8 1 2\r\n", "LineAddress" },
        { "PROXY TCP4 +1.2.3.4 5.6.7.8 1 2\r\n", "LineAddress" },
        { "PROXY TCP4 0x1.2.3.4 5.6.7.8 1 2\r\n", "LineAddress" },
        { "PROXY TCP4 16909060 5.6.7.8 1 2\r\n", "LineAddress" },
        { "PROXY TCP4 ::1 ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP4 4294967297.2.3.4 5.6.7.8 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 ::1 1.2.3.4 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 1:2:3:4:5:6:7 ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 1::2:3:4:5:6:7:8 ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 1::2::3 ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 ::: ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 1: ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 :1 ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 12345::1 ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 ::g ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 ::ffff:1.2.3.04 ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 ::ffff:1.2.3.4:5 ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 1:2:3:4:5:6:7:1.2.3.4 ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 fe80::1%1 ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP6 [::1] ::1 1 2\r\n", "LineAddress" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 65536 2\r\n", "LinePort" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 1 99999\r\n", "LinePort" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n", "LinePort" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 00 2\r\n", "LinePort" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 -1 2\r\n", "LinePort" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 1 4294967297\r\n", "LinePort" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 1 http\r\n", "LinePort" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n", "LineEnding" },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\r\n", "LineEnding" },
        { "PROXY TCP4 1.2.3.4\r5.6.7.8 1 2\r\n", "LineEnding" },
        { "PROXY UNKNOWN a\nb\r\n", "LineEnding" },
        { "PROXY UNKNOWN a\rb\r\n", "LineEnding" },
        { "PROXY UNKNOWN " + new string('x', 93), "LineTooLong" },
        { "PROXY UNKNOWN " + new string('x', 92) + "\r\n", "LineTooLong" },
        { "PROXY UNKNOWN " + new string('x', 5000) + "\r\n", "LineTooLong" },
    };

    [Theory, MemberData(nameof(MalformedLines))]
    public void Parse_WhenLineBreaksARule_SaysWhich(string line, string problem)
    {
        ProxyHeaderParse parse = ProxyHeaderParser.Parse(HeaderBytes.Text(line));

        Assert.Equal(ProxyHeaderOutcome.Malformed, parse.Outcome);
        Assert.Equal(problem, parse.Problem.ToString());
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PROxY TCP4 ")]
    [InlineData("X")]
    [InlineData("\r\nPROXY")]
    [InlineData("\u0016\u0003\u0001")]
    public void Parse_WhenFirstBytesAreOfAnotherProtocol_IsNotAHeader(string bytes) =>
        Assert.Equal(ProxyHeaderOutcome.NotAHeader, ProxyHeaderParser.Parse(HeaderBytes.Text(bytes)).Outcome);

    [Fact]
    public void Parse_WhenLineIsAsLongAsAllowed_TakesIt()
    {
        string line = "PROXY UNKNOWN " + new string('x', 91) + "\r\n";
        Assert.Equal(ProxyHeaderParser.V1BytesMax, line.Length);
        Assert.Equal(ProxyHeaderOutcome.Parsed, ProxyHeaderParser.Parse(HeaderBytes.Text(line)).Outcome);
    }
}
