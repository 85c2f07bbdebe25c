using EdgeProxy.Telemetry;
using EdgeProxy.Testing;

namespace EdgeProxy.DataPlane.Tests;

/// <summary>Bytes and endings of one connection, on every poller.</summary>
public sealed class RelayTests
{
    public static TheoryData<Poller> Pollers => [Poller.Uring, Poller.Epoll, Poller.Simulated];

    [Theory, MemberData(nameof(Pollers))]
    public void Relay_WhenClientAsksAndBackendAnswers_EndsFinished(Poller poller) => Script.Run(
        poller,
        client: "send 64; expect 64; fin; expect fin",
        backend: "expect 64; send 64; expect fin; fin",
        then: static rig =>
        {
            ConnectionRecord record = Assert.Single(rig.Records);
            Assert.Equal(CloseReason.Finished, record.Reason);
            Assert.Equal(EndedBy.Client, record.EndedBy);
            Assert.Equal(64, record.UploadBytes);
            Assert.Equal(64, record.DownloadBytes);
            Assert.Equal(1, record.Attempts);
        });

    [Theory, MemberData(nameof(Pollers))]
    public void Relay_WhenClientFinishesFirst_StillDeliversBackendBytes(Poller poller) => Script.Run(
        poller, client: "send 10; fin; expect 20; expect fin", backend: "expect 10; expect fin; send 20; fin");

    [Theory, MemberData(nameof(Pollers))]
    public void Relay_WhenBackendFinishesFirst_StillDeliversClientBytes(Poller poller) => Script.Run(
        poller,
        client: "expect 20; expect fin; send 10; fin",
        backend: "send 20; fin; expect 10; expect fin",
        then: static rig => Assert.Equal(EndedBy.Backend, Assert.Single(rig.Records).EndedBy));

    [Theory, MemberData(nameof(Pollers))]
    public void Relay_WhenServerSpeaksFirst_DoesNotWaitForTheClient(Poller poller) => Script.Run(
        poller, client: "expect 100; send 5; expect 100; fin; expect fin", backend: "send 100; expect 5; send 100; expect fin");

    [Theory, MemberData(nameof(Pollers))]
    public void Relay_WhenNobodySaysAnything_PassesBothFins(Poller poller) => Script.Run(
        poller, client: "fin; expect fin", backend: "expect fin; fin");

    [Theory, MemberData(nameof(Pollers))]
    public void Relay_WhenClientResets_ResetsBackend(Poller poller) => Script.Run(
        poller,
        client: "send 10; await heard; rst",
        backend: "expect 10; signal heard; expect rst",
        then: static rig =>
        {
            ConnectionRecord record = Assert.Single(rig.Records);
            Assert.Equal(CloseReason.ClientReset, record.Reason);
            Assert.Equal(EndedBy.Client, record.EndedBy);
        });

    [Theory, MemberData(nameof(Pollers))]
    public void Relay_WhenBackendResetsMidAnswer_ResetsClientAfterItsBytes(Poller poller) => Script.Run(
        poller,
        client: "send 10; expect 1000; signal heard; expect rst",
        backend: "expect 10; send 1000; await heard; rst",
        then: static rig => Assert.Equal(CloseReason.BackendReset, Assert.Single(rig.Records).Reason));

    [Theory, MemberData(nameof(Pollers))]
    public void Relay_WhenBackendClosesWithUnreadBytes_ResetsClient(Poller poller) => Script.Run(
        poller,
        client: "send 100k; signal sent; expect rst",
        backend: "expect 8; await sent; pause 50ms; close",
        then: static rig => Assert.Equal(CloseReason.BackendReset, Assert.Single(rig.Records).Reason));

    [Theory, MemberData(nameof(Pollers))]
    public void Relay_WhenResetComesAfterHalfClose_IsStillAReset(Poller poller) => Script.Run(
        poller, client: "send 10; fin; expect 5; signal heard; expect rst", backend: "expect 10; expect fin; send 5; await heard; rst");

    [Theory, MemberData(nameof(Pollers))]
    public void Relay_WhenBothSendMuchAtOnce_LosesNothing(Poller poller) => Script.Run(
        poller,
        client: "send 3m; fin | expect 2m; expect fin",
        backend: "send 2m; fin | expect 3m; expect fin",
        new RigOptions { Seeds = 20 },
        then: static rig => Assert.Equal(CloseReason.Finished, Assert.Single(rig.Records).Reason));

    [Theory, MemberData(nameof(Pollers))]
    public void Relay_WhenManyConnectionsRunAtOnce_KeepsThemApart(Poller poller) => Script.Run(
        poller, new RigOptions(), static rig =>
        {
            rig.AddBackend("send 300; fin | expect 200; expect fin");
            rig.AddBackend("expect 200; send 300; fin; expect fin");
            rig.Publish();
            for (int i = 0; i < 40; i++) { rig.AddClient("send 200; fin | expect 300; expect fin"); }
            rig.RunToEnd();
            Assert.Equal(40, rig.Counters.Closed(CloseReason.Finished));
        });

    [Theory, MemberData(nameof(Pollers))]
    public void Reset_WhenBytesForTheOneWhoResetAreOnTheirWay_StillBringsWhatItSentBefore(Poller poller) => Script.Run(
        poller,
        new RigOptions
        {
            Loop = new LoopSettings { BulkAfterBytes = 0 },
            Simulation = new SimulationSettings { SendBufferBytes = 4 * 1024, ReceiveBufferBytes = 4 * 1024 },
        },
        static rig =>
        {
            rig.AddBackend("await go; expect end | send 16m", tolerant: true);
            rig.Publish();
            rig.AddClient("send 12k; await go; rst");
            rig.RunUntilStuck();
            long received = rig.Counters.UploadBytes;
            rig.Host.Raise("go");
            rig.RunToEnd();
            Assert.Equal(CloseReason.ClientReset, Assert.Single(rig.Records).Reason);
            Assert.InRange(rig.Backends[0].Peers[0].Received, received, 12 * 1024);
        });
}
