using EdgeProxy.DataPlane;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;
using EdgeProxy.Testing;

namespace EdgeProxy.Simulation.Tests;

/// <summary>
/// Each scenario runs once to count the places where a call or an operation could fail, then once for every place and
/// every error, with exactly that failure in it. Whatever it is, the connection ends soon, everything is given back, and
/// the proxy serves the next client as if nothing had been.
/// </summary>
public sealed class FaultSweepTests
{
    /// <summary>From the failure to the end of everything; the scripts pause nowhere and the backoffs are shorter.</summary>
    private const long PatienceNs = 15_000_000_000;

    public static TheoryData<string, string, string, int> Scenarios => new()
    {
        { "a round trip", "send 64; expect 64; fin; expect end", "expect 64; send 64; fin; expect end", 0 },
        { "the server speaks first", "expect 20; send 20; fin; expect end", "send 20; expect 20; expect end; fin", 0 },
        { "messages both ways", "send 60k; fin | expect end", "send 60k; fin | expect end", 0 },
        { "the client half-closes", "send 40k; fin; expect end", "expect end; send 90k; fin", 0 },
        { "a download through a pipe", "send 8; expect end; fin", "send 300k; fin | expect end", 16 * 1024 },
        { "an upload through a pipe", "send 300k; fin | expect end", "expect end; send 8; fin", 16 * 1024 },
        { "a reset by the client", "send 30k; rst", "send 50k | expect end", 16 * 1024 },
        { "a reset by the backend", "send 30k | expect end", "send 50k; rst", 0 },
    };

    [Theory, MemberData(nameof(Scenarios))]
    public void Proxy_WhicheverCallFails_EndsTheConnectionAndGoesOn(string name, string client, string backend, int bulkAfterBytes)
    {
        foreach (ulong seed in SimulationSeeds.Of(1))
        {
            List<(Fault Fault, int Errors)> points = [];
            Run(name, client, backend, bulkAfterBytes, seed, points, null);
            Assert.NotEmpty(points);
            for (int point = 0; point < points.Count; point++)
            {
                for (int error = 0; error < points[point].Errors; error++)
                {
                    Run(name, client, backend, bulkAfterBytes, seed, null, (point, error));
                }
            }
        }
    }

    private static void Run(
        string name, string client, string backend, int bulkAfterBytes, ulong seed,
        List<(Fault Fault, int Errors)>? points, (int Point, int Error)? forced)
    {
        using ProxyRig rig = new(Poller.Simulated, new RigOptions
        {
            Seed = seed,
            Loop = new LoopSettings { BulkAfterBytes = bulkAfterBytes },
            Policy = new AppPolicy { ConnectTimeoutMs = 500, ConnectAttempts = 2 },
        });
        rig.World.StartSweep(points, forced);
        try
        {
            rig.AddBackend(backend, tolerant: true);
            rig.AddBackend(backend, tolerant: true);
            rig.Publish();
            long start = rig.World.Time.NowNs;
            Peer first = rig.AddClient(client, tolerant: true);
            rig.RunUntil(() => rig.Host.Peers.TrueForAll(static p => p.IsDone) && rig.Loop.ConnectionCount == 0 && rig.Records.Count == 1);
            Assert.InRange(rig.World.Time.NowNs - start, 0, PatienceNs);
            bool failed = rig.World.FaultsStruck > 0;
            ConnectionRecord record = rig.Records[0];
            if (!failed && record.Reason == CloseReason.Finished) { Assert.True(first.SawFin, "finished, and the client saw no FIN"); }
            if (!failed && !client.Contains("rst", StringComparison.Ordinal) && !backend.Contains("rst", StringComparison.Ordinal))
            {
                Assert.Equal(CloseReason.Finished, record.Reason);
            }

            rig.World.EndRecording();
            Peer second = rig.AddClient(client, tolerant: true);
            rig.RunToEnd();
            Assert.Equal(2, rig.Records.Count);
            Assert.True(second.IsDone);
        }
        catch (Exception e) when (e is Xunit.Sdk.XunitException or ScenarioException or SimulationException)
        {
            throw new ScenarioException(
                $"{name}, seed {seed}, failing {(forced is { } f ? $"call {f.Point} with its error {f.Error}" : "nothing")}: {e.Message}"
                + Environment.NewLine + string.Join(Environment.NewLine, rig.Records.Select(static r => $"{r.Reason} in {r.Phase}, errno {r.LastErrno}")));
        }
    }
}
