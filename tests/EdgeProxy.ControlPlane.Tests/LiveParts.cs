using System.Text;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.ControlPlane.Tests;

/// <summary>What the pages and the admin socket are made of, with a table of one backend behind it and no thread running.</summary>
internal sealed class LiveParts : IDisposable
{
    private readonly AppIds _appIds = new();
    private readonly BackendSlots _slots = new();
    private readonly EventLog _events = new(LogLevel.Error, LogFormat.Logfmt);
    private readonly ReloadStatus _reloads = new(TimeProvider.System, followsGeo: false);
    private readonly LogThread _log;
    private readonly ProcessMetrics _process = new("1.2.3");

    public LiveParts()
    {
        Tunnel.Figures = new TunnelFigures
        {
            PublicKey = new PeerKey([7, .. new byte[31]]),
            CountsPackets = true,
            DropReasons = ["malformed"],
            Drops = [5],
            PeerDropReasons = ["replayed", "queue_full"],
        };
        AddPeer(Known, 1);
        AddPeer(Stranger, 100);
        Router router = new(
            new Published<RoutingTable>(MakeTable()), new Published<GeoTable>(EmbeddedGeo.Load()), _slots, new BindingTable(1024, 1));
        Sources = new ControlPlaneSources
        {
            Router = router,
            Loops = [new LoopCounters()],
            Records = [],
            Engine = IoEngine.Epoll,
            ConnectionsMax = 1,
            Apply = static _ => { },
            IsDraining = static () => false,
            ListenerProblems = static () => [],
            BindingSeconds = static () => 1,
            Tunnel = new TunnelSources
            {
                Name = "edgeproxy0",
                Engine = "builtin",
                Device = Tunnel,
                AnswersWg = false,
                Workers = [new TunnelCounters()],
                Rotate = static finish =>
                    new KeyRotationResult { PublicKey = Known, NextPublicKey = finish ? null : Stranger },
            },
        };
        _log = new LogThread(_events, new ConnectionLog(ConnectionLogMode.Off, LogFormat.Logfmt), Fd.None, Fd.None);
        Metrics = new MetricsPage(
            router,
            new LoopMetrics(Sources),
            new BackendMetrics(_slots),
            new StateMetrics(_reloads, router.Bindings, _log),
            new TunnelMetrics(Sources.Tunnel), _process);
        StatusAnswer status = new(Sources, _reloads, new ReadyPage(Sources, _reloads), _log, "1.2.3", TimeProvider.System);
        Admin = new AdminService(Fd.None, Sources, status, "1.2.3");
    }

    /// <summary>A peer routing.db names.</summary>
    public static PeerKey Known { get; } = new([1, .. new byte[31]]);

    /// <summary>One that it does not.</summary>
    public static PeerKey Stranger { get; } = new([2, .. new byte[31]]);

    /// <summary>A device with one peer of the table and one that only it knows.</summary>
    public MemoryTunnelDevice Tunnel { get; } = new();

    public ControlPlaneSources Sources { get; }

    public MetricsPage Metrics { get; }

    public AdminService Admin { get; }

    /// <summary>A peer of the device, whose counts are this number and those after it.</summary>
    public void AddPeer(PeerKey key, long first)
    {
        _ = Tunnel.TryApply(new TunnelChange { Peers = [new TunnelPeerChange { PublicKey = key }] });
        Tunnel.Counts[key] = new TunnelPeerFigures
        {
            PublicKey = key,
            Endpoint = new IpEndpoint(IpAddress.FromV4(0xC000_0201), 51820),
            HandshakeUnixNs = 1_000_000_000,
            Handshakes = first,
            EndpointChanges = first + 1,
            ReceivedBytes = first + 2,
            ReceivedPackets = first + 3,
            SentBytes = first + 4,
            SentPackets = first + 5,
            QueuedPackets = (int)first + 6,
            Drops = [first + 7, first + 8],
        };
    }

    public void Dispose()
    {
        _process.Dispose();
        _events.Dispose();
    }

    private RoutingTable MakeTable()
    {
        RoutingTableBuilder builder = new(null, _appIds, _slots, new RoutingDefaults { PopRegion = "sa" });
        builder.AddBackend(new BackendRow
        {
            Id = Encoding.UTF8.GetBytes("br-1"),
            App = Encoding.UTF8.GetBytes("web"),
            Region = Encoding.UTF8.GetBytes("sa"),
            WgIp = Encoding.UTF8.GetBytes("10.0.0.1"),
            Port = 80,
            Healthy = true,
            Weight = 1,
            SoftLimit = 10,
        });
        builder.AddPeer(new PeerRow { Name = "gru1", Region = "sa", PublicKey = Known.ToString() });
        return builder.Build(out _)!;
    }
}
