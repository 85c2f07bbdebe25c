using EdgeProxy.Telemetry;
using EdgeProxy.Testing;

namespace EdgeProxy.DataPlane.Tests;

/// <summary>Flows large enough for splice: the switch to it, its end, and endings while it goes on.</summary>
public sealed class BulkTests
{
    private static readonly RigOptions s_early = new()
    {
        Seeds = 20,
        Loop = new LoopSettings { BulkAfterBytes = 64 * 1024 },
        Simulation = new SimulationSettings { SendBufferBytes = 64 * 1024, ReceiveBufferBytes = 128 * 1024 },
    };

    public static TheoryData<Poller> Pollers => [Poller.Uring, Poller.Epoll, Poller.Simulated];

    [Theory, MemberData(nameof(Pollers))]
    public void Bulk_WhenClientUploads_IsSpliced(Poller poller) => Script.Run(
        poller, client: "send 8m; fin; expect fin", backend: "expect 8m; expect fin; fin", s_early, HasSpliced);

    [Theory, MemberData(nameof(Pollers))]
    public void Bulk_WhenBackendSends_IsSpliced(Poller poller) => Script.Run(
        poller, client: "expect 8m; expect fin; fin", backend: "send 8m; fin; expect fin", s_early, HasSpliced);

    [Theory, MemberData(nameof(Pollers))]
    public void Bulk_WhenBothSendMuch_IsSplicedBothWays(Poller poller) => Script.Run(
        poller,
        client: "send 4m; fin | expect 4m; expect fin",
        backend: "send 4m; fin | expect 4m; expect fin",
        s_early,
        HasSpliced);

    [Theory, MemberData(nameof(Pollers))]
    public void Bulk_WhenItTurnsToSmallMessages_GoesBackToCopying(Poller poller) => Script.Run(
        poller, s_early, static rig =>
        {
            rig.AddBackend("expect 4m; await small; " + string.Concat(Enumerable.Repeat("send 100; expect 50; ", 60)) + "expect fin; fin");
            rig.Publish();
            rig.AddClient("send 4m; " + string.Concat(Enumerable.Repeat("expect 100; send 50; ", 60)) + "fin; expect fin");
            rig.RunUntil(() => rig.Backends[0].Peers is [{ Received: 4 << 20 }]);
            long spliced = rig.Counters.SplicedBytes;
            rig.Host.Raise("small");
            rig.RunToEnd();
            Assert.InRange(rig.Counters.SplicedBytes - spliced, 0, 17 * 50);
            HasSpliced(rig);
        });

    [Theory, MemberData(nameof(Pollers))]
    public void Bulk_WhenReaderIsSlow_HoldsTheSenderBackAndLosesNothing(Poller poller) => Script.Run(
        poller, s_early, static rig =>
        {
            int megabytes = rig.Poller == Poller.Simulated ? 4 : 64; // More than all buffers on the way hold.
            rig.AddBackend($"expect 1m; await read; expect {megabytes - 1}m; expect fin; fin");
            rig.Publish();
            rig.AddClient($"send {megabytes}m; fin; expect fin");
            rig.RunUntilStuck();
            Assert.InRange(rig.Counters.BuffersUsedCurrent, 0, 8);
            Assert.True(rig.Clients[0].Sent < megabytes << 20, "the sender was not held back");
            rig.Host.Raise("read");
            rig.RunToEnd();
            HasSpliced(rig);
        });

    [Theory, MemberData(nameof(Pollers))]
    public void Bulk_WhenSourceResets_ResetsTheTarget(Poller poller) => Script.Run(
        poller,
        client: "send 4m; await heard; rst",
        backend: "expect 2m; signal heard; expect end",
        s_early,
        static rig =>
        {
            Assert.True(rig.Backends[0].Peers[0].SawReset);
            Assert.Equal(CloseReason.ClientReset, Assert.Single(rig.Records).Reason);
        });

    [Theory, MemberData(nameof(Pollers))]
    public void Bulk_WhenTargetResets_ResetsTheSource(Poller poller) => Script.Run(
        poller,
        client: "send 64m; expect rst",
        backend: "expect 2m; rst",
        s_early,
        static rig => Assert.Equal(CloseReason.BackendReset, Assert.Single(rig.Records).Reason));

    [Theory, MemberData(nameof(Pollers))]
    public void Bulk_WhenTargetHasFinishedItsOwnSide_GoesOn(Poller poller) => Script.Run(
        poller, client: "send 8m; fin; expect fin", backend: "fin; expect 8m; expect fin", s_early, HasSpliced);

    [Theory, MemberData(nameof(Pollers))]
    public void Bulk_WhenTurnedOff_CopiesEverything(Poller poller) => Script.Run(
        poller,
        client: "send 4m; fin; expect fin",
        backend: "expect 4m; expect fin; fin",
        s_early with { Loop = new LoopSettings { BulkAfterBytes = 0 } },
        static rig =>
        {
            Assert.Equal(0, rig.Counters.SplicedBytes);
            Assert.Equal(4 << 20, rig.Counters.CopiedBytes);
        });

    [Fact]
    public void Bulk_WhenNoPipeIsToBeHad_CopiesAndCountsIt() => Script.Run(
        Poller.Simulated,
        client: "send 4m; fin; expect fin",
        backend: "expect 4m; expect fin; fin",
        s_early with { Simulation = new SimulationSettings { Faults = FaultRates.Only(Fault.OpenPipe, 1000) } },
        static rig =>
        {
            Assert.True(rig.Counters.PipeShortages > 0);
            Assert.Equal(0, rig.Counters.SplicedBytes);
        });

    private static void HasSpliced(ProxyRig rig)
    {
        Assert.True(rig.Counters.SplicedBytes > 0, "nothing was spliced");
        Assert.Equal(rig.Counters.UploadBytes + rig.Counters.DownloadBytes, rig.Counters.SplicedBytes + rig.Counters.CopiedBytes);
        Assert.Equal(CloseReason.Finished, Assert.Single(rig.Records).Reason);
    }
}
