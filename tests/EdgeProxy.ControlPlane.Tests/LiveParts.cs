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
        };
        _log = new LogThread(_events, new ConnectionLog(ConnectionLogMode.Off, LogFormat.Logfmt), Fd.None, Fd.None);
        Metrics = new MetricsPage(
            router, new LoopMetrics(Sources), new BackendMetrics(_slots), new StateMetrics(_reloads, router.Bindings, _log), _process);
        StatusAnswer status = new(Sources, _reloads, new ReadyPage(Sources, _reloads), _log, "1.2.3", TimeProvider.System);
        Admin = new AdminService(Fd.None, Sources, status, "1.2.3");
    }

    public ControlPlaneSources Sources { get; }

    public MetricsPage Metrics { get; }

    public AdminService Admin { get; }

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
        return builder.Build(out _)!;
    }
}
