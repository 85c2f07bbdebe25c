using System.Text;

namespace EdgeProxy.ControlPlane.Tests;

public sealed class HttpHeadTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/")]
    [InlineData("GET /metrics?x=1 HTTP/1.1\r\nhost:a\r\nX-Any: \t b c \r\n\r\n", "GET", "/metrics")]
    [InlineData("HEAD /ready HTTP/1.0\r\n\r\n", "HEAD", "/ready")]
    [InlineData("GET http://proxy:9090/health HTTP/1.1\r\nHost: proxy\r\n\r\n", "GET", "/health")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS", "*")]
    [InlineData("GET /a HTTP/1.9\r\nHost:\r\n\r\nbody", "GET", "/a")]
    public void Read_WhenTheHeadIsValid_FindsMethodAndPath(string text, string method, string path)
    {
        Assert.Equal(HttpHeadOutcome.Complete, HttpHead.Read(Encoding.Latin1.GetBytes(text), out HttpHead head));
        Assert.Equal(method, Encoding.Latin1.GetString(head.Method));
        Assert.Equal(path, Encoding.Latin1.GetString(head.Path));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\nHost: a\n\n")]
    [InlineData("GET  / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(" GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /\r\n\r\n")]
    [InlineData("GET / HTTP/1.1 \r\nHost: a\r\n\r\n")]
    [InlineData("GET / http/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/11\r\nHost: a\r\n\r\n")]
    [InlineData("GET metrics HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("G@T / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost : a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nNo colon\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n")]
    [InlineData("\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001")]
    public void Read_WhenTheHeadIsNot_Refuses(string text) =>
        Assert.Equal(HttpHeadOutcome.Malformed, HttpHead.Read(Encoding.Latin1.GetBytes(text), out _));

    [Fact]
    public void Read_WhenTheMajorVersionIsUnknown_SaysSo() =>
        Assert.Equal(HttpHeadOutcome.VersionUnknown, HttpHead.Read("GET / HTTP/2.0\r\n"u8, out _));

    [Fact]
    public void Read_WhenAnyPartIsStillMissing_WaitsForIt()
    {
        byte[] whole = Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\nHost: localhost:9090\r\nAccept: */*\r\n\r\n");
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Equal(HttpHeadOutcome.Incomplete, HttpHead.Read(whole.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void Read_WhenTheTargetIsTooLong_SaysSoEvenBeforeTheLineEnds()
    {
        string target = "/" + new string('a', HttpHead.TargetBytesMax);
        Assert.Equal(HttpHeadOutcome.TargetTooLong, Outcome($"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n"));
        Assert.Equal(HttpHeadOutcome.TargetTooLong, Outcome($"GET {target}{new string('a', 20)}"));
    }

    [Fact]
    public void Read_WhenTheHeadIsTooLarge_SaysSo()
    {
        string line = "GET / HTTP/1.1\r\nHost: a\r\n";
        Assert.Equal(HttpHeadOutcome.TooLarge, Outcome(line + "X: " + new string('a', HttpHead.BytesMax)));
        Assert.Equal(HttpHeadOutcome.TooLarge, Outcome(line + string.Concat(Enumerable.Repeat("X: a\r\n", 70))));
    }

    private static HttpHeadOutcome Outcome(string text) => HttpHead.Read(Encoding.Latin1.GetBytes(text), out _);
}
