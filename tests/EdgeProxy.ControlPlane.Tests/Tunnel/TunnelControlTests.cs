using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane.Tests;

/// <summary>A published table reaches the device, whatever the resolver does meanwhile.</summary>
public sealed class TunnelControlTests : IDisposable
{
    private readonly EventLog _log = new(LogLevel.Error, LogFormat.Logfmt);
    private readonly MemoryTunnelDevice _device = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Follow_WhenTheResolverHangs_StillCutsARemovedPeerAtOnce()
    {
        using ManualResetEventSlim asked = new();
        using ManualResetEventSlim release = new();
        using TunnelControl control = new(_device, _log, (_, _) =>
        {
            asked.Set();
            release.Wait();
            return new EndpointLookup(HostLookupOutcome.NoAnswer, []);
        });
        control.Start();
        control.Follow(Table("gru.example.net:51820"));
        Assert.Single(_device.Read().Peers);
        asked.Wait();
        control.Follow(PeerTable.Empty);
        Assert.Empty(_device.Read().Peers);
        release.Set();
    }

    [Fact]
    public void Follow_WhenANameResolves_TellsTheDevice()
    {
        IpEndpoint address = new(IpAddress.FromV4(0xC000_0201), 51820);
        using TunnelControl control =
            new(_device, _log, (_, _) => new EndpointLookup(HostLookupOutcome.Found, [address]));
        control.Follow(Table("gru.example.net:51820"));
        control.Start();
        Assert.True(SpinWait.SpinUntil(() => _device.Read().Peers[0].Endpoint == address, TimeSpan.FromSeconds(60)));
    }

    private static PeerTable Table(string endpoint)
    {
        RoutingTableBuilder builder =
            new(null, new AppIds(), new BackendSlots(), new RoutingDefaults { PopRegion = "sa" });
        builder.AddPeer(new PeerRow { Name = "gru", PublicKey = new PeerKey([1, .. new byte[31]]).ToString(),
            Endpoint = endpoint });
        return builder.Build(out _)!.Peers;
    }
}
