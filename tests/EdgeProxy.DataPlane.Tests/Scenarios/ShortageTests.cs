using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;
using EdgeProxy.Testing;

namespace EdgeProxy.DataPlane.Tests;

/// <summary>
/// Descriptors, buffers, places and slow readers: the proxy waits or refuses, and recovers by itself.
/// </summary>
public sealed class ShortageTests
{
    private const string Client = "send 2000; fin | expect 3000; expect fin";
    private const string Backend = "expect 2000; send 3000; fin; expect fin";

    public static TheoryData<Poller> Pollers => [Poller.Uring, Poller.Epoll, Poller.Simulated];

    [Theory, MemberData(nameof(Pollers))]
    public void Cap_WhenMoreClientsCome_MakesThemWaitAndServesAll(Poller poller) => Script.Run(
        poller, new RigOptions { ConnectionsMax = 5 }, static rig =>
        {
            rig.AddBackend(Backend);
            rig.Publish();
            for (int i = 0; i < 40; i++) { rig.AddClient(Client); }
            rig.RunUntil(() =>
            {
                Assert.InRange(rig.Budget.Current, 0, 5);
                return rig.Records.Count == 40;
            });
            rig.RunToEnd();
            Assert.Equal(40, rig.Counters.Closed(CloseReason.Finished));
        });

    [Theory, MemberData(nameof(Pollers))]
    public void Buffers_WhenFarTooFew_AreSharedUntilAllIsThrough(Poller poller) => Script.Run(
        poller,
        new RigOptions
        {
            Seeds = 20,
            Io = new IoSettings { BuffersMax = 8 },
            Simulation = new SimulationSettings { BuffersMax = 8 },
            Loop = new LoopSettings { BulkAfterBytes = 0 },
        },
        static rig =>
        {
            rig.AddBackend("send 200k; fin | expect 200k; expect fin");
            rig.Publish();
            for (int i = 0; i < 20; i++) { rig.AddClient("send 200k; fin | expect 200k; expect fin"); }
            rig.RunToEnd();
            Assert.Equal(20, rig.Counters.Closed(CloseReason.Finished));
        });

    [Theory, MemberData(nameof(Pollers))]
    public void Relay_WhenReaderStops_HoldsFewBuffersHoweverMuchComes(Poller poller) => Script.Run(
        poller, new RigOptions { Seeds = 20, Loop = new LoopSettings { BulkAfterBytes = 0 } }, static rig =>
        {
            int megabytes = rig.Poller == Poller.Simulated ? 4 : 64;
            rig.AddBackend($"await read; expect {megabytes}m; expect fin; fin");
            rig.Publish();
            rig.AddClient($"send {megabytes}m; fin; expect fin");
            rig.RunUntilStuck();
            Assert.True(rig.Clients[0].Sent < megabytes << 20, "the sender was not held back");
            Assert.InRange(rig.Counters.BuffersUsedCurrent, 0, 64); // io_uring delivers up to 32 more before a cancel takes.
            rig.Host.Raise("read");
            rig.RunToEnd();
        });

    [Theory]
    [InlineData(10)]
    [InlineData(24)] // Room for all the clients of the burst, and then for few backends.
    public void Descriptors_WhenUsedUp_MakeClientsWaitAndAllAreServed(int descriptorsMax) => Script.Run(
        Poller.Simulated,
        new RigOptions { Simulation = new SimulationSettings { DescriptorsMax = descriptorsMax } },
        static rig =>
        {
            rig.AddBackend("send 8; expect 8; pause 300ms; fin; expect fin");
            rig.Publish();
            for (int i = 0; i < 20; i++) { rig.AddClient("send 8; expect 8; expect fin; fin"); }
            rig.RunToEnd();
            Assert.True(rig.Counters.AcceptPauses > 0);
            Assert.All(rig.Records, static r => Assert.Equal((CloseReason.Finished, 1), (r.Reason, r.Attempts)));
        });

    [Fact]
    public void Connect_WhenNoDescriptorIsLeft_WaitsForOneAndCountsNoAttempt() => Short(new AppPolicy(), static rig =>
    {
        rig.AddBackend(Backend).HardLimit = 1;
        rig.Publish();
        rig.AddClient(Client);
        Pass(rig, 3_000_000_000);
        Assert.Equal(1, rig.SeatsTaken(rig.Backends[0]));
        Assert.Equal(0, rig.Counters.ConnectAttempts);
        Assert.InRange(rig.Counters.Turns, 10, 100);
        rig.World.Faults = FaultRates.None;
        rig.RunToEnd();
        ConnectionRecord record = Assert.Single(rig.Records);
        Assert.Equal((CloseReason.Finished, 1), (record.Reason, record.Attempts));
    });

    [Theory]
    [InlineData(4_000, 4_000)]
    [InlineData(0, 10_000)]
    public void Connect_WhenNoDescriptorComes_GivesUpAtTheDeadline(int deadlineMs, int endMs) => Short(
        new AppPolicy { ConnectDeadlineMs = deadlineMs }, rig =>
        {
            rig.AddBackend(Backend);
            rig.Publish();
            rig.AddClient("expect rst");
            rig.RunUntil(() => rig.Records.Count == 1);
            ConnectionRecord record = rig.Records[0];
            Assert.Equal((CloseReason.Shortage, 0), (record.Reason, record.Attempts));
            Assert.Equal(ConnectionPhase.Connecting, record.Phase);
            Assert.NotEqual(0, record.LastErrno);
            Assert.InRange(record.TotalUs, endMs * 1000, (endMs * 1000) + 100_000);
            rig.World.Faults = FaultRates.None;
            rig.RunToEnd();
        });

    [Fact]
    public void Connect_WhenClientFinishesWhileItWaits_StillDeliversIt() => Short(new AppPolicy(), static rig =>
    {
        rig.AddBackend("expect 200k; expect fin; send 5; fin");
        rig.Publish();
        rig.AddClient("send 200k; fin; expect 5; expect fin");
        Pass(rig, 1_000_000_000);
        rig.World.Faults = FaultRates.None;
        rig.RunToEnd();
        Assert.Equal(CloseReason.Finished, Assert.Single(rig.Records).Reason);
    });

    [Fact]
    public void Connect_WhenClientResetsWhileItWaits_GivesItsSeatBack() => Short(new AppPolicy(), static rig =>
    {
        rig.AddBackend(Backend);
        rig.Publish();
        rig.AddClient("send 1; pause 1s; rst");
        rig.RunUntil(() => rig.Records.Count == 1);
        Assert.Equal(CloseReason.ClientGone, rig.Records[0].Reason);
        Assert.InRange(rig.Records[0].TotalUs, 990_000, 1_100_000); // It is accepted a little after it began.
        rig.World.Faults = FaultRates.None;
        rig.RunToEnd();
    });

    [Fact]
    public void Connect_WhenItsBackendIsDrainedWhileItWaits_ChoosesAnother() => Short(new AppPolicy(), static rig =>
    {
        RigBackend first = rig.AddBackend(Backend);
        RigBackend second = rig.AddBackend(Backend);
        second.Weight = 0;
        rig.Publish();
        rig.AddClient(Client);
        Pass(rig, 500_000_000);
        Assert.Equal(1, rig.SeatsTaken(first));
        (first.Weight, second.Weight) = (0, 1);
        rig.Publish();
        Pass(rig, 500_000_000);
        Assert.Equal((0, 1), (rig.SeatsTaken(first), rig.SeatsTaken(second)));
        rig.World.Faults = FaultRates.None;
        rig.RunToEnd();
        Assert.Equal(1, Assert.Single(rig.Records).Attempts);
        Assert.Single(second.Peers);
    });

    [Fact]
    public void Accept_WhenItFailsForAnotherReasonAgainAndAgain_IsTriedMoreAndMoreSeldom() => Script.Run(
        Poller.Simulated,
        new RigOptions { Simulation = new SimulationSettings { Faults = FaultRates.Only(Fault.AcceptRefused, 1000) } },
        static rig =>
        {
            rig.AddBackend(Backend);
            rig.Publish();
            rig.AddClient(Client);
            Pass(rig, 10_000_000_000);
            Assert.InRange(rig.Counters.AcceptFailures, 15, 30); // Eight at once, then after 50, 100, … 1000 ms.
            Assert.Contains((Errno)rig.Counters.AcceptLastErrno, SimulatedIo.RefusingErrors);
            Assert.Equal(0, rig.Counters.AcceptPauses);
            Assert.InRange(rig.Counters.Turns, 10, 150);
            rig.World.Faults = FaultRates.None;
            rig.RunToEnd();
            Assert.Equal(1, rig.Counters.Closed(CloseReason.Finished));
        });

    [Fact]
    public void Accept_WhenItFailsForAWhile_IsTriedMoreAndMoreSeldom() => Script.Run(
        Poller.Simulated,
        new RigOptions { Simulation = new SimulationSettings { Faults = FaultRates.Only(Fault.Accept, 1000) } },
        static rig =>
        {
            rig.AddBackend(Backend);
            rig.Publish();
            rig.AddClient(Client);
            Pass(rig, 10_000_000_000);
            Assert.InRange(rig.Counters.AcceptPauses, 10, 20); // 50, 100, 200, 400, 800 ms, then every second.
            Assert.InRange(rig.Counters.Turns, 10, 100);
            rig.World.Faults = FaultRates.None;
            rig.RunToEnd();
            Assert.Equal(1, rig.Counters.Closed(CloseReason.Finished));
        });

    /// <summary>
    /// The host has no descriptor for a backend, until the scenario says otherwise; clients are accepted.
    /// </summary>
    private static void Short(AppPolicy policy, Action<ProxyRig> scenario) => Script.Run(
        Poller.Simulated, new RigOptions { Policy = policy }, rig =>
        {
            rig.RunUntil(() => rig.Counters.Turns > 0); // Its listener is there, and so are the spare descriptors.
            rig.World.Faults = FaultRates.Only(Fault.OpenStream, 1000);
            scenario(rig);
        });

    private static void Pass(ProxyRig rig, long ns)
    {
        long start = rig.World.Time.NowNs;
        rig.RunUntil(() => rig.World.Time.NowNs - start > ns);
    }
}
