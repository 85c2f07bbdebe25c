using EdgeProxy.Linux;
using EdgeProxy.Telemetry;
using EdgeProxy.Testing;

namespace EdgeProxy.DataPlane.Tests;

/// <summary>Descriptors, buffers, places and slow readers: the proxy waits or refuses, and recovers by itself.</summary>
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

    [Fact]
    public void Descriptors_WhenUsedUp_PauseAcceptingAndItRecovers() => Script.Run(
        Poller.Simulated,
        new RigOptions { Simulation = new SimulationSettings { DescriptorsMax = 10 } },
        static rig =>
        {
            rig.AddBackend("send 8; expect 8; pause 300ms; fin; expect fin", tolerant: true);
            rig.Publish();
            for (int i = 0; i < 30; i++) { rig.AddClient("send 8; expect 8; expect fin; fin", tolerant: true); }
            rig.RunUntil(() => rig.Clients.TrueForAll(static c => c.IsDone) && rig.Loop.ConnectionCount == 0);
            Assert.True(rig.Counters.AcceptPauses > 0);

            Peer late = rig.AddClient("send 8; expect 8; expect fin; fin");
            rig.RunToEnd();
            Assert.True(late.SawFin);
            Assert.All(rig.Records, static r => Assert.True(r.Reason is CloseReason.Finished or CloseReason.Shortage, $"{r.Reason}"));
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
            long start = rig.World.Time.NowNs;
            rig.RunUntil(() => rig.World.Time.NowNs - start > 10_000_000_000);
            Assert.InRange(rig.Counters.AcceptPauses, 10, 20); // 50, 100, 200, 400, 800 ms, then every second.
            Assert.InRange(rig.Counters.Turns, 10, 100);
            rig.World.Faults = FaultRates.None;
            rig.RunToEnd();
            Assert.Equal(1, rig.Counters.Closed(CloseReason.Finished));
        });
}
