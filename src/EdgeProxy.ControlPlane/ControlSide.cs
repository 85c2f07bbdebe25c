using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// The slow side as one thing: the log, following the files, the metrics page and the admin socket, each on a thread of
/// its own beside the loops. Made first, so that what goes wrong at a start is logged; started when the loops exist.
/// </summary>
public sealed class ControlSide : IDisposable
{
    private readonly ControlPlaneSettings _settings;
    private readonly TimeProvider _time;
    private readonly ReloadStatus _status;
    private readonly TableFile _table;
    private readonly GeoFile? _geo;
    private readonly ConnectionLog _connectionLog;
    private readonly LogThread _logThread;
    private readonly ConnectionNames _names;
    private readonly BackendSlots _slots;
    private ReloadThread? _reload;
    private ServingThread? _serving;
    private ProcessMetrics? _process;
    private TunnelControl? _tunnel;

    /// <param name="settings">What the options say.</param>
    /// <param name="appIds">The app numbers of this process.</param>
    /// <param name="slots">The backends' live state.</param>
    /// <param name="time">Wall clock and timestamps; never used for a connection's deadlines.</param>
    public ControlSide(ControlPlaneSettings settings, AppIds appIds, BackendSlots slots, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _slots = slots;
        Log = new EventLog(settings.LogLevel, settings.LogFormat);
        _status = new ReloadStatus(time, settings.GeoIpPath is not null);
        _table = new TableFile(settings, appIds, slots, _status, Log);
        _geo = settings.GeoIpPath is { } path ? new GeoFile(path, _status.Geo) : null;
        _connectionLog = new ConnectionLog(settings.ConnectionLog, settings.LogFormat);
        _names = new ConnectionNames(appIds, slots);
        _logThread = new LogThread(Log, _connectionLog, settings.EventTarget, settings.ConnectionTarget);
        if (!settings.IsSilent) { _logThread.Start(); }
    }

    public EventLog Log { get; }

    /// <summary>The rows of the table in use that could not be used as they are.</summary>
    public IReadOnlyList<RowProblem> RowProblems => _status.Problems;

    /// <summary>Where the metrics page really is, for one that asked for port 0; null when it is off.</summary>
    public IpEndpoint? MetricsEndpoint { get; private set; }

    /// <summary>
    /// What the process starts with. A geo file that cannot be used gives way to the embedded table, a routing.db to
    /// its last good copy: neither stops a start, both are said aloud.
    /// </summary>
    public FirstLoad LoadFirst()
    {
        // A file's data beside the table, as either takes a while; the embedded table takes none.
        GeoTable? geo = null;
        string? geoProblem = null;
        Thread? loading = _geo is { } file
            ? new(() => geo = LoadGeo(file, out geoProblem)) { Name = "edgeproxy-geo" }
            : null;
        loading?.Start();
        RoutingTable? table = _table.Load(null) ?? _table.LoadCopy();
        loading?.Join();
        return new FirstLoad(table, geo ?? EmbeddedGeo.Load(), table is null ? _status.Table.Error : null, geoProblem);
    }

    /// <summary>Starts following, serving and logging.</summary>
    /// <returns>Why the metrics page or the admin socket could not be opened, with the cure; null when all went
    /// well.</returns>
    public string? Start(ControlPlaneSources sources)
    {
        _connectionLog.Attach(sources.Records, _names);
        if (OpenServices(sources, out List<Service> services) is { } problem)
        {
            foreach (Service service in services) { SlowSocket.Close(service.Listener); }
            return problem;
        }

        if (services.Count > 0)
        {
            _serving = new ServingThread(services);
            _serving.Start();
        }

        StartTunnel(sources);
        _reload = new ReloadThread(_settings, sources, _table, _geo, _status, Log, _tunnel);
        _reload.Start();
        UnpackGeo(sources.Router.Geo);
        return null;
    }

    /// <summary>Looks at the files now (SIGHUP). Any thread.</summary>
    public void RequestReload() => _reload?.Request();

    /// <summary>
    /// A handshake with a peer failed for good: its name is resolved again. Any thread but a loop; until the control
    /// side has started, nothing happens.
    /// </summary>
    public void RequestResolve(in PeerKey peer) => _tunnel?.HandshakeFailed(peer);

    public void Dispose()
    {
        _reload?.Dispose();
        _tunnel?.Dispose();
        _serving?.Dispose();
        _process?.Dispose();
        if (!_settings.IsSilent) { _logThread.Stop(); }
        Log.Dispose();
    }

    /// <summary>
    /// The listeners are open, and clients are looked up in the packed table, as right but a hundred times slower: on a
    /// thread that waits for whoever has clients to serve, and then ends.
    /// </summary>
    private static void UnpackGeo(Published<GeoTable> published)
    {
        GeoTable packed = published.Current;
        if (!packed.IsPacked) { return; }
        new Thread(() =>
        {
            Niceness.Raise();
            _ = published.TryReplace(packed, packed.Unpack());
        }) { IsBackground = true, Name = "edgeproxy-geo" }.Start();
    }

    private GeoTable LoadGeo(GeoFile file, out string? problem)
    {
        if (file.ReadIfChanged(out problem) is { } geo)
        {
            _status.Geo.Applied(ReloadOutcome.Applied);
            return geo;
        }

        _ = _status.Geo.Failed(problem!);
        Log.Begin(LogLevel.Error, "the geo file cannot be used; the embedded country table is in use")
            .With("problem", problem).Write();
        return EmbeddedGeo.Load();
    }

    private string? OpenServices(ControlPlaneSources sources, out List<Service> services)
    {
        services = [];
        ReadyPage ready = new(sources, _status);
        if (_settings.MetricsEnabled)
        {
            if (OpenMetrics(out Fd listener) is { } problem) { return problem; }
            _process = new ProcessMetrics(_settings.Version);
            MetricsPage metrics = new(
                sources.Router, new LoopMetrics(sources), new BackendMetrics(_slots),
                new StateMetrics(_status, sources.Router.Bindings, _logThread),
                new TunnelMetrics(sources.Tunnel),
                _process);
            HealthPage health = new(sources.Router.Tables, _settings.Version, _time);
            services.Add(new HttpService(listener, _settings.MetricsPath, new PageSet(metrics, health, ready)));
        }

        if (sources.Tunnel is { AnswersWg: true, Device: { } device } tunnel)
        {
            // A proxy without it still carries everything: only `wg` looks elsewhere.
            Fd uapi = UapiSocket.Open(UapiSocket.DirectoryDefault, tunnel.Name, out string? warning);
            if (warning is null)
            {
                services.Add(new UapiService(uapi, UapiSocket.DirectoryDefault, tunnel.Name, device, Log));
            }
            else { Log.Begin(LogLevel.Warn, "the tunnel's socket cannot be opened").With("problem", warning).Write(); }
        }

        if (_settings.AdminSocketPath is not { } path) { return null; }
        Fd admin = AdminListener.Open(path, out string? adminProblem);
        if (adminProblem is not null) { return adminProblem; }
        StatusAnswer status = new(sources, _status, ready, _logThread, _settings.Version, _time);
        services.Add(new AdminService(admin, sources, status, _settings.Version));
        return null;
    }

    private void StartTunnel(ControlPlaneSources sources)
    {
        if (sources.Tunnel?.Device is not { } device) { return; }
        _tunnel = new TunnelControl(device, Log);
        _status.PeerProblems = () => _tunnel.Problems;
        _tunnel.Follow(sources.Router.Tables.Current.Peers);
        _tunnel.Start();
    }

    private string? OpenMetrics(out Fd listener)
    {
        IpEndpoint wanted = _settings.MetricsListen;
        SocketAddress address = SocketAddress.From(wanted.Address.High, wanted.Address.Low, wanted.Port);
        SysResult opened = ListenSocket.Open(address, new ListenSettings { ReusePort = false, Backlog = 64 }, blocking: false, out listener);
        if (!opened.Ok)
        {
            return $"the metrics page cannot be served on {wanted} ({opened.Error}). Stop what listens there, "
                + "set EDGEPROXY_METRICS_LISTEN_ADDR to another address, or EDGEPROXY_METRICS_ENABLED to false";
        }

        MetricsEndpoint = ListenSocket.LocalAddress(listener, out SocketAddress local).Ok ? wanted with { Port = local.Port } : wanted;
        return null;
    }
}
