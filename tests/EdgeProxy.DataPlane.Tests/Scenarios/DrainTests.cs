using EdgeProxy.Telemetry;
using EdgeProxy.Testing;

namespace EdgeProxy.DataPlane.Tests;

/// <summary>Listeners that go, and a proxy that is told to end.</summary>
public sealed class DrainTests
{
    public static TheoryData<Poller> Pollers => [Poller.Uring, Poller.Epoll, Poller.Simulated];

    [Theory, MemberData(nameof(Pollers))]
    public void StopAccepting_WhenConnectionsAreOpen_LetsThemFinish(Poller poller) => Script.Run(poller, new RigOptions(), static rig =>
    {
        rig.AddBackend("expect 8; send 8; await go; send 100; fin; expect fin");
        rig.Publish();
        for (int i = 0; i < 5; i++) { rig.AddClient("send 8; expect 108; expect fin; fin"); }
        rig.RunUntil(() => rig.Clients.TrueForAll(static c => c.Received == 8));
        rig.StopAccepting();
        rig.RunUntilStuck();
        rig.Host.Raise("go");
        rig.RunToEnd();
        Assert.Equal(5, rig.Counters.Closed(CloseReason.Finished));
    });

    [Theory, MemberData(nameof(Pollers))]
    public void StopAccepting_WhenClientsWaitInTheQueue_ServesThemFirst(Poller poller) => Script.Run(poller, new RigOptions(), static rig =>
    {
        rig.AddBackend("expect 8; send 8; fin; expect fin");
        rig.Publish();
        for (int i = 0; i < 30; i++) { rig.AddClient("send 8; expect 8; expect fin; fin"); }
        if (rig.Poller == Poller.Simulated)
        {
            // Let every handshake end before the listener goes; on the real engines dialling has done that.
            while (!rig.Clients.TrueForAll(static c => c.Sent > 0)) { rig.World.Time.RunNext(long.MaxValue); }
        }

        rig.StopAccepting();
        rig.RunToEnd();
        Assert.Equal(30, rig.Counters.Closed(CloseReason.Finished));
    });

    [Theory, MemberData(nameof(Pollers))]
    public void CloseConnections_WhenTimeIsUp_ResetsBothSides(Poller poller) => Script.Run(poller, new RigOptions(), static rig =>
    {
        rig.AddBackend("expect 8; send 8; expect rst");
        rig.Publish();
        for (int i = 0; i < 5; i++) { rig.AddClient("send 8; expect 8; expect rst"); }
        rig.RunUntil(() => rig.Clients.TrueForAll(static c => c.Received == 8));
        rig.StopAccepting();
        rig.Loop.PostCloseConnections(CloseReason.Drained);
        rig.RunToEnd();
        Assert.All(rig.Records, static r => Assert.Equal((CloseReason.Drained, EndedBy.Proxy), (r.Reason, r.EndedBy)));
        Assert.Equal(5, rig.Records.Count);
    });
}
