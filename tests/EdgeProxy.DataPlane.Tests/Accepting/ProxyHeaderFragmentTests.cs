using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane.Tests;

/// <summary>What must hold for any bytes at all, however they are cut.</summary>
public sealed class ProxyHeaderFragmentTests
{
    public static TheoryData<byte[]> WholeHeaders => new()
    {
        HeaderBytes.Text("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n"),
        HeaderBytes.Text("PROXY TCP6 2001:db8::1 ::1 56324 443\r\n"),
        HeaderBytes.Text("PROXY UNKNOWN\r\n"),
        HeaderBytes.Text("PROXY UNKNOWN " + new string('x', 91) + "\r\n"),
        HeaderBytes.V2(0x20, 0x00),
        HeaderBytes.V2(0x21, 0x11, HeaderBytes.Inet),
        HeaderBytes.V2(0x21, 0x31, new byte[216]),
        HeaderBytes.V2(0x21, 0x11, [.. HeaderBytes.Inet, .. HeaderBytes.Tlv(0xEE, new byte[4065])]),
    };

    [Theory, MemberData(nameof(WholeHeaders))]
    public void Parse_WhenHeaderArrivesByteByByte_AsksForMoreUntilTheLast(byte[] header)
    {
        for (int length = 0; length < header.Length; length++)
        {
            Assert.Equal(ProxyHeaderOutcome.NeedMore, ProxyHeaderParser.Parse(header.AsSpan(0, length)).Outcome);
        }

        Assert.Equal(header.Length, ProxyHeaderParser.Parse(header).HeaderBytes);
    }

    [Fact]
    public void Parse_WhenBytesAreMutated_DecidesOnceAndWithinItsBounds()
    {
        byte[][] seeds = [.. WholeHeaders.Select(static row => row.Data)];
        Random random = new(20_070);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. seeds[random.Next(seeds.Length)], .. new byte[random.Next(8)]];
            for (int change = random.Next(4); change > 0; change--)
            {
                bytes[random.Next(Math.Min(bytes.Length, 64))] = (byte)random.Next(256);
            }

            HoldsForEveryCut(bytes);
        }
    }

    /// <summary>
    /// Once a prefix has been decided, more bytes change nothing; and the stated maximum always decides.
    /// </summary>
    private static void HoldsForEveryCut(byte[] bytes)
    {
        ProxyHeaderParse whole = ProxyHeaderParser.Parse(bytes);
        Assert.InRange(whole.HeaderBytes, 0, Math.Min(bytes.Length, ProxyHeaderParser.BytesMax));
        Assert.Equal(whole.Outcome == ProxyHeaderOutcome.Parsed, whole.HeaderBytes > 0);
        Assert.Equal(whole.Outcome == ProxyHeaderOutcome.Malformed, whole.Problem != ProxyHeaderProblem.None);
        if (bytes.Length >= ProxyHeaderParser.BytesMax) { Assert.NotEqual(ProxyHeaderOutcome.NeedMore, whole.Outcome); }
        int step = Math.Max(1, bytes.Length / 16);
        for (int length = bytes.Length % step; length < bytes.Length; length += step)
        {
            ProxyHeaderParse part = ProxyHeaderParser.Parse(bytes.AsSpan(0, length));
            if (part.Outcome == ProxyHeaderOutcome.NeedMore) { continue; }
            Assert.Equal(part.Outcome, whole.Outcome);
            Assert.Equal(part.Problem, whole.Problem);
            Assert.Equal(part.HeaderBytes, whole.HeaderBytes);
            Assert.Equal(part.Source, whole.Source);
        }
    }

    [Fact]
    public void Parse_WhenIPv6TextIsRandom_AgreesWithThePlatformOnWhatItTakes()
    {
        const string Alphabet = "::::::0012359abF..g";
        Random random = new(4_291);
        int taken = 0;
        for (int round = 0; round < 300_000; round++)
        {
            char[] text = new char[random.Next(2, 14)];
            foreach (ref char c in text.AsSpan()) { c = Alphabet[random.Next(Alphabet.Length)]; }
            bool ok = ProxyHeaderText.TryReadAddress(Encoding.ASCII.GetBytes(text), true, out IpAddress address);
            bool platform = IPAddress.TryParse(text, out IPAddress? expected)
                && expected.AddressFamily == AddressFamily.InterNetworkV6;
            Assert.True(!ok || platform, new string(text));
            if (!ok) { continue; }
            taken++;
            Assert.Equal(IpAddress.FromBytes(expected!.GetAddressBytes()), address);
        }

        Assert.True(taken > 1_000, $"{taken}");
    }
}
