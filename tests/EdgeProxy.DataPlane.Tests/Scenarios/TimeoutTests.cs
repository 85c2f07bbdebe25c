using EdgeProxy.Routing;
using EdgeProxy.Telemetry;
using EdgeProxy.Testing;

namespace EdgeProxy.DataPlane.Tests;

/// <summary>Every time limit, in simulated time: when it fires, what both sides see, and that 0 turns it off.</summary>
public sealed class TimeoutTests
{
    [Fact]
    public void Idle_WhenNoByteMoves_ResetsBothSides() => Run(
        new AppPolicy { IdleTimeoutMs = 60_000 },
        client: "send 10; pause 50s; send 10; expect rst",
        backend: "expect 20; expect rst",
        CloseReason.IdleTimeout,
        lastsMs: 110_000);

    [Fact]
    public void Idle_WhenOnlyOneDirectionMoves_DoesNotFire() => Run(
        new AppPolicy { IdleTimeoutMs = 1_000 },
        client: "expect 10000; expect fin; fin",
        backend: "send 2500; pause 900ms; send 2500; pause 900ms; send 2500; pause 900ms; send 2500; fin; expect fin",
        CloseReason.Finished,
        lastsMs: 2_700);

    [Fact]
    public void HalfClosed_WhenTheOtherSideStaysSilent_ResetsBothSides() => Run(
        new AppPolicy { IdleTimeoutMs = 600_000, HalfClosedTimeoutMs = 5_000 },
        client: "send 10; fin; expect rst",
        backend: "expect 10; expect fin; expect rst",
        CloseReason.HalfClosedTimeout,
        lastsMs: 5_000);

    [Fact]
    public void HalfClosed_WhenTheOtherSideKeepsSending_DoesNotFire() => Run(
        new AppPolicy { HalfClosedTimeoutMs = 1_000 },
        client: "fin; expect 30; expect fin",
        backend: "expect fin; send 10; pause 900ms; send 10; pause 900ms; send 10; fin",
        CloseReason.Finished,
        lastsMs: 1_800);

    [Fact]
    public void Lifetime_WhenReached_ResetsEvenABusyConnection() => Run(
        new AppPolicy { LifetimeMs = 30_000 },
        client: "expect 500m by 1k every 1ms; expect end",
        backend: "send 500m; expect rst",
        CloseReason.LifetimeReached,
        lastsMs: 30_000,
        tolerant: true,
        seeds: 2);

    [Fact]
    public void Limits_WhenAllAreOff_LeaveASilentConnectionAlone() => Run(
        new AppPolicy { IdleTimeoutMs = 0, HalfClosedTimeoutMs = 0, LifetimeMs = 0 },
        client: "send 10; pause 10h; send 10; fin; pause 10h; expect 10; expect fin",
        backend: "expect 20; expect fin; send 10; fin",
        CloseReason.Finished,
        lastsMs: 36_000_000);

    [Theory]
    [InlineData(0)]
    [InlineData(3_600_000)]
    public void Idle_WhenAReloadShortensIt_HoldsForConnectionsThatAreUpWithinAMinute(int beforeMs) => Script.Run(
        Poller.Simulated,
        new RigOptions
        {
            Seeds = 20,
            Policy = new AppPolicy { IdleTimeoutMs = beforeMs, HalfClosedTimeoutMs = 0 },
            Loop = new LoopSettings { KeepAlive = false },
        },
        static rig =>
        {
            rig.AddBackend("expect 10; expect rst");
            rig.Publish();
            rig.AddClient("send 10; expect rst");
            rig.RunUntil(() => rig.Counters.CopiedBytes == 10);
            rig.Policy = rig.Policy with { IdleTimeoutMs = 5_000 };
            rig.Publish();
            rig.RunToEnd();
            ConnectionRecord record = Assert.Single(rig.Records);
            Assert.Equal(CloseReason.IdleTimeout, record.Reason);
            Assert.InRange(record.TotalUs, 5_000_000, 61_000_000);
        });

    [Theory]
    [InlineData(ProxyProtocolIn.Required)]
    [InlineData(ProxyProtocolIn.Optional)]
    public void Header_WhenItStaysIncomplete_ResetsTheClient(ProxyProtocolIn mode) => Script.Run(
        Poller.Simulated,
        new RigOptions { Policy = Trusting(mode) with { ProxyHeaderTimeoutMs = 2_000 } },
        static rig =>
        {
            rig.AddBackend("expect fin");
            rig.Publish();
            rig.AddClient(@"text PROXY TCP4 ; pause 1s; text 1.2.3; expect rst");
            rig.RunToEnd();
            ConnectionRecord record = Assert.Single(rig.Records);
            Assert.Equal(CloseReason.ProxyHeaderTimeout, record.Reason);
            Assert.Equal(ConnectionPhase.Header, record.Phase);
            Assert.InRange(record.TotalUs, 2_000_000, 2_100_000);
        });

    [Fact]
    public void Header_WhenOptionalAndTheClientIsSilent_ConnectsAfterItsTime() => Script.Run(
        Poller.Simulated,
        new RigOptions { Policy = Trusting(ProxyProtocolIn.Optional) with { ProxyHeaderTimeoutMs = 2_000 } },
        static rig =>
        {
            rig.AddBackend("send 50; expect 10; expect fin");
            rig.Publish();
            rig.AddClient("expect 50; send 10; fin; expect fin");
            rig.RunToEnd();
            Assert.InRange(Assert.Single(rig.Records).WaitUs, 2_000_000u, 2_100_000u);
        });

    private static AppPolicy Trusting(ProxyProtocolIn mode)
    {
        Assert.True(IpPrefix.TryParse("127.0.0.0/8", out IpPrefix loopback));
        return new AppPolicy { ProxyProtocolIn = mode, ProxyProtocolTrusted = PrefixSet.From([loopback]) };
    }

    private static void Run(
        AppPolicy policy, string client, string backend, CloseReason reason, long lastsMs, bool tolerant = false, int seeds = 50)
    {
        RigOptions options = new() { Policy = policy };
        foreach (ulong seed in SeedRange.Of(seeds))
        {
            using ProxyRig rig = new(Poller.Simulated, options with { Seed = seed });
            rig.AddBackend(backend, tolerant);
            rig.Publish();
            rig.AddClient(client, tolerant);
            rig.RunToEnd();
            ConnectionRecord record = Assert.Single(rig.Records);
            Assert.Equal(reason, record.Reason);
            if (reason is CloseReason.IdleTimeout or CloseReason.LifetimeReached) { Assert.Equal(EndedBy.Proxy, record.EndedBy); }
            Assert.InRange(record.TotalUs, lastsMs * 1000, (lastsMs * 1000) + 100_000);
        }
    }
}
