using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;
using EdgeProxy.Testing;

namespace EdgeProxy.DataPlane.Tests;

/// <summary>From the accepted client to a backend, and what becomes of it when there is none.</summary>
public sealed class ConnectTests
{
    private const string Client = "send 10; expect 20; fin; expect fin";
    private const string Backend = "expect 10; send 20; expect fin; fin";

    public static TheoryData<Poller> Pollers => [Poller.Uring, Poller.Epoll, Poller.Simulated];

    [Theory, MemberData(nameof(Pollers))]
    public void Connect_WhenFirstBackendsRefuse_TakesTheNext(Poller poller) => Script.Run(poller, new RigOptions(), static rig =>
    {
        rig.AddBackend(rig.Host.RefusingAddress());
        rig.AddBackend(rig.Host.RefusingAddress());
        rig.AddBackend(Backend);
        rig.Publish();
        for (int i = 0; i < 10; i++) { rig.AddClient(Client); }
        rig.RunToEnd();
        Assert.All(rig.Records, static r => Assert.Equal(CloseReason.Finished, r.Reason));
        Assert.True(rig.Counters.ConnectFailures > 0);
        Assert.Equal(10, rig.Totals(rig.Backends[2]).Connections);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Connect_WhenEveryBackendRefuses_ResetsTheClient(Poller poller) => Script.Run(poller, new RigOptions(), static rig =>
    {
        for (int i = 0; i < 5; i++) { rig.AddBackend(rig.Host.RefusingAddress()); }
        rig.Publish();
        rig.AddClient("expect rst");
        rig.RunToEnd();
        ConnectionRecord record = Assert.Single(rig.Records);
        Assert.Equal(CloseReason.ConnectFailed, record.Reason);
        Assert.Equal((int)Errno.ECONNREFUSED, record.LastErrno);
        Assert.Equal(3, record.Attempts);
        Assert.Equal(EndedBy.Proxy, record.EndedBy);
        Assert.Equal(ConnectionPhase.Connecting, record.Phase);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Connect_WhenUnservedClientsAreToldSoftly_SendsAFin(Poller poller) => Script.Run(
        poller, new RigOptions { Policy = new AppPolicy { ResetUnserved = false } }, static rig =>
        {
            rig.AddBackend(rig.Host.RefusingAddress());
            rig.Publish();
            rig.AddClient("expect fin");
            rig.RunToEnd();
            Assert.Equal(CloseReason.ConnectFailed, Assert.Single(rig.Records).Reason);
        });

    [Theory, MemberData(nameof(Pollers))]
    public void Connect_WhenThereIsNoBackend_SaysSo(Poller poller) => Unserved(poller, CloseReason.NoBackend, static _ => { });

    [Theory, MemberData(nameof(Pollers))]
    public void Connect_WhenNoBackendIsHealthy_SaysSo(Poller poller) => Unserved(
        poller, CloseReason.NoHealthyBackend, static rig => rig.AddBackend(Backend).Healthy = false);

    [Theory, MemberData(nameof(Pollers))]
    public void Connect_WhenBackendsAreFull_TurnsAwayExactlyTheRest(Poller poller) => Script.Run(poller, new RigOptions(), static rig =>
    {
        rig.AddBackend("send 8; expect 8; await go; fin; expect fin").HardLimit = 3;
        rig.AddBackend("send 8; expect 8; await go; fin; expect fin").HardLimit = 2;
        rig.Publish();
        for (int i = 0; i < 5; i++) { rig.AddClient("send 8; expect 8; expect fin; fin"); }
        rig.RunUntil(() => rig.Clients.TrueForAll(static c => c.Received == 8));
        Assert.Equal(3, rig.SeatsTaken(rig.Backends[0]));
        Assert.Equal(2, rig.SeatsTaken(rig.Backends[1]));
        rig.AddClient("expect rst");
        rig.AddClient("expect rst");
        rig.RunUntil(() => rig.Records.Count == 2);
        rig.Host.Raise("go");
        rig.RunToEnd();
        Assert.Equal(2, rig.Counters.Closed(CloseReason.BackendsFull));
        Assert.Equal(5, rig.Counters.Closed(CloseReason.Finished));
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Connect_WhenBackendIsDrained_SendsItNoNewClients(Poller poller) => Script.Run(poller, new RigOptions(), static rig =>
    {
        RigBackend first = rig.AddBackend("send 8; expect 8; await go; fin; expect fin");
        RigBackend second = rig.AddBackend("send 8; expect 8; await go; fin; expect fin");
        first.Weight = 0;
        rig.Publish();
        for (int i = 0; i < 4; i++) { rig.AddClient("send 8; expect 8; expect fin; fin"); }
        rig.RunUntil(() => second.Peers.Count == 4);
        (first.Weight, second.Weight) = (1, 0);
        rig.Publish();
        for (int i = 0; i < 4; i++) { rig.AddClient("send 8; expect 8; expect fin; fin", from: SocketAddress.From(0, 0xFFFF_7F00_0002, (ushort)(5000 + i))); }
        rig.RunUntil(() => first.Peers.Count + second.Peers.Count == 8);
        rig.Host.Raise("go");
        rig.RunToEnd();
        Assert.Equal(8, rig.Counters.Closed(CloseReason.Finished));
        Assert.True(second.Peers.Count >= 4);
    });

    [Theory, MemberData(nameof(Pollers))]
    public void Connect_WhenClientHasFinishedMeanwhile_StillDeliversIt(Poller poller) => Script.Run(poller, new RigOptions(), static rig =>
    {
        rig.AddBackend(rig.Host.RefusingAddress());
        rig.AddBackend("expect 1000; expect fin; fin");
        rig.Publish();
        for (int i = 0; i < 5; i++) { rig.AddClient("send 1000; fin; expect fin"); }
        rig.RunToEnd();
    });

    [Fact]
    public void Connect_WhenBackendNeverAnswers_TakesTheNextAfterItsTime() => Script.Run(
        Poller.Simulated, new RigOptions { Policy = new AppPolicy { ConnectTimeoutMs = 500, ConnectAttempts = 4 } }, static rig =>
        {
            RigBackend backend = rig.AddBackend(Backend);
            backend.Weight = 1;
            for (int i = 0; i < 3; i++) { rig.AddBackend(rig.Host.SilentAddress()); }
            rig.Publish();
            rig.AddClient(Client);
            rig.RunToEnd();
            ConnectionRecord record = Assert.Single(rig.Records);
            Assert.Equal(CloseReason.Finished, record.Reason);
            Assert.InRange<long>(record.ConnectUs, (record.Attempts - 1) * 500_000, ((record.Attempts - 1) * 520_000) + 100_000);
        });

    [Fact]
    public void Connect_WhenTheDeadlinePasses_GivesUpBeforeTheAttemptsAreUsed() => Script.Run(
        Poller.Simulated,
        new RigOptions { Policy = new AppPolicy { ConnectTimeoutMs = 3_000, ConnectAttempts = 8, ConnectDeadlineMs = 7_000 } },
        static rig =>
        {
            for (int i = 0; i < 8; i++) { rig.AddBackend(rig.Host.SilentAddress()); }
            rig.Publish();
            rig.AddClient("expect rst");
            rig.RunToEnd();
            ConnectionRecord record = Assert.Single(rig.Records);
            Assert.Equal(CloseReason.ConnectDeadline, record.Reason);
            Assert.Equal(3, record.Attempts);
            Assert.InRange(record.TotalUs, 7_000_000, 7_100_000);
        });

    [Fact]
    public void Connect_WhenClientResetsWhileConnecting_StopsTrying() => Script.Run(
        Poller.Simulated, new RigOptions(), static rig =>
        {
            rig.AddBackend(rig.Host.SilentAddress());
            rig.Publish();
            rig.AddClient("send 1; pause 1s; rst");
            rig.RunToEnd();
            ConnectionRecord record = Assert.Single(rig.Records);
            Assert.Equal(CloseReason.ClientGone, record.Reason);
            Assert.Equal(EndedBy.Client, record.EndedBy);
            Assert.InRange(record.TotalUs, 1_000_000, 1_100_000);
        });

    [Theory]
    [InlineData(Errno.ENETUNREACH)]
    [InlineData(Errno.EHOSTUNREACH)]
    public void Connect_WhenBackendIsUnreachable_TakesTheNext(Errno error) => Script.Run(
        Poller.Simulated, new RigOptions(), rig =>
        {
            SocketAddress unreachable = rig.Host.RefusingAddress();
            rig.World.Network.Break(unreachable, error);
            rig.AddBackend(unreachable);
            rig.AddBackend(Backend);
            rig.Publish();
            rig.AddClient(Client);
            rig.RunToEnd();
            Assert.Equal(CloseReason.Finished, Assert.Single(rig.Records).Reason);
        });

    [Fact]
    public void Connect_WhenTheHostLacksTheBackendsFamily_IsAFailedAttemptAndDisturbsNobodyElse() => Script.Run(
        Poller.Simulated, new RigOptions { Simulation = new SimulationSettings { Faults = FaultRates.Only(Fault.NoFamily, 1000) } },
        static rig =>
        {
            for (int i = 0; i < 4; i++) { rig.AddBackend(Backend); }
            rig.Publish();
            rig.AddClient("expect rst");
            rig.RunUntil(() => rig.Records.Count == 1);
            ConnectionRecord record = rig.Records[0];
            Assert.Equal((CloseReason.ConnectFailed, 3, (int)Errno.EAFNOSUPPORT), (record.Reason, record.Attempts, record.LastErrno));
            Assert.Equal(0, rig.Counters.AcceptPauses);
        });

    private static void Unserved(Poller poller, CloseReason reason, Action<ProxyRig> prepare) => Script.Run(
        poller, new RigOptions(), rig =>
        {
            prepare(rig);
            rig.Publish();
            rig.AddClient("expect rst");
            rig.RunToEnd();
            ConnectionRecord record = Assert.Single(rig.Records);
            Assert.Equal(reason, record.Reason);
            Assert.Equal(ConnectionPhase.Choosing, record.Phase);
            Assert.Equal(-1, record.BackendSlot);
        });
}
