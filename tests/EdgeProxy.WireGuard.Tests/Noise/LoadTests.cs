namespace EdgeProxy.WireGuard.Tests;

public sealed class LoadTests
{
    private static readonly Moment s_start = new(Timers.Second, 1_800_000_000L * Timers.Second);

    [Fact]
    public void Device_WhenFloodedWithInitiations_AnswersWithCookiesThatLetAnHonestPeerIn()
    {
        using TestPair pair = new();
        Random random = new(3);
        void Flood(int messages)
        {
            for (int i = 0; i < messages; i++)
            {
                Endpoint source = new(0, 0xFFFF_0000_0000UL | (uint)random.Next(), 1);
                byte[] forged = Forging.Initiation(random, pair.Right.Device.PublicKey);
                ReceiveOutcome outcome = pair.Right.Device.Receive(
                    pair.Right.Suite, forged, source, pair.Now, new byte[Device.ReplyBytesMax]);
                Assert.Equal(outcome.Reason == DropReason.CookieSent ? 64 : 0, outcome.Length);
            }
        }

        Flood(1000);
        Assert.InRange(pair.Right.Device.Drops[DropReason.CookieSent], 790, 801);
        pair.SendLeft(1);
        pair.Settle();
        Assert.Equal([DropReason.CookieSent], pair.Right.Dropped);
        Assert.Empty(pair.Right.Delivered);
        for (int i = 0; i < 60; i++)
        {
            Flood(200);
            pair.Pass(0.1);
        }

        Assert.Single(pair.Right.Delivered);
        Assert.Equal(2, pair.Count(pair.Left, 1));
    }

    [Fact]
    public void Cookie_WhenOfAnotherAddressOrTooOld_IsNotKnown()
    {
        using TestNode node = new(1, 1);
        using CookieMaker maker = new(node.Fill);
        Endpoint home = new(0, 0xFFFF_0A00_0001, 7);
        byte[] message = Forging.Initiation(new Random(1), node.Device.PublicKey);
        Assert.False(maker.Recognizes(node.Suite, message, home, 0));
        byte[] cookie = new byte[16];
        maker.Make(node.Suite, home, 0, cookie);
        node.Suite.Blake.Mac(cookie, message.AsSpan(0, 132), message.AsSpan(132));
        Assert.True(maker.Recognizes(node.Suite, message, home, (120 * Timers.Second) - 1));
        Assert.False(maker.Recognizes(node.Suite, message, home with { Port = 8 }, 1));
        Assert.False(maker.Recognizes(node.Suite, message, home with { Low = home.Low + 1 }, 1));
        Assert.False(maker.Recognizes(node.Suite, message, home, 120 * Timers.Second));
    }

    [Fact]
    public void CookieReply_WhenForged_IsNotBelieved()
    {
        using TestPair pair = new();
        pair.SendLeft();
        byte[] reply = new byte[64];
        reply[0] = 3;
        pair.LastSent!.AsSpan(4, 4).CopyTo(reply.AsSpan(4));
        Assert.Equal(DropReason.NotAuthentic, pair.Left.FromNetwork(reply, pair.Right.Endpoint, pair.Now).Reason);
        reply[4] ^= 1;
        Assert.Equal(DropReason.UnknownIndex, pair.Left.FromNetwork(reply, pair.Right.Endpoint, pair.Now).Reason);
    }

    [Fact]
    public void Limiter_WhenASourceAsksTooOften_AllowsFiveAtOnceAndTwentyASecond()
    {
        HandshakeLimiter limiter = new(1);
        Endpoint source = new(0, 0xFFFF_0A00_0001, 7);
        Assert.Equal(5, Enumerable.Range(0, 100).Count(_ => limiter.Allows(source, s_start.Ns)));
        int allowed = 0;
        for (int ms = 1; ms <= 10_000; ms++)
        {
            if (limiter.Allows(source with { Port = (ushort)ms }, s_start.Ns + (ms * 1_000_000L))) { allowed++; }
        }

        Assert.Equal(200, allowed);
        Assert.True(limiter.Allows(source with { Low = source.Low + 1 }, s_start.Ns));
    }

    [Fact]
    public void Limiter_WhenIPv6SourcesShareA64_CountsThemAsOne()
    {
        HandshakeLimiter limiter = new(1);
        int allowed = Enumerable.Range(0, 100)
            .Count(i => limiter.Allows(new Endpoint(0x2001_0DB8_0000_0001, (ulong)i, 7), s_start.Ns));
        Assert.Equal(5, allowed);
        Assert.True(limiter.Allows(new Endpoint(0x2001_0DB8_0000_0002, 0, 7), s_start.Ns));
    }

    [Fact]
    public void Limiter_WhenFullOfSources_ForgetsTheOnesNotHeardOf()
    {
        HandshakeLimiter limiter = new(1);
        for (int i = 0; i < 10 * HandshakeLimiter.SourcesMax; i++)
        {
            Assert.True(limiter.Allows(new Endpoint(0, 0xFFFF_0000_0000UL | (uint)i, 7), s_start.Ns + i));
        }
    }

    [Fact]
    public void Meter_WhenHandshakesComeSlowly_SeesNoLoad()
    {
        LoadMeter meter = new();
        for (int i = 0; i < 2000; i++) { Assert.False(meter.IsUnderLoad(i * (Timers.Second / 150))); }
    }

    [Fact]
    public void Meter_WhenTheFloodEnds_SeesLoadForASecondMore()
    {
        LoadMeter meter = new();
        for (int i = 0; i < 500; i++) { _ = meter.IsUnderLoad(0); }
        Assert.True(meter.IsUnderLoad(Timers.Second - 1));
        Assert.False(meter.IsUnderLoad(2 * Timers.Second));
    }
}
