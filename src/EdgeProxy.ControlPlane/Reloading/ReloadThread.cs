using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Storage;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Keeps what is in use equal to what the files say: wakes on events of the file system, on request and at least once
/// per interval, loads what changed, and puts it to work whole or not at all. It also tidies: settles the router's
/// index after a publication and drops expired bindings, a part at a time; and watches for the host getting short.
/// </summary>
internal sealed class ReloadThread : IDisposable
{
    /// <summary>A commit comes as a burst of events; they are looked at together.</summary>
    private const int BurstMs = 5;

    /// <summary>Longest pause between two looks at the bindings and at a file that is being written.</summary>
    private const int TidyMs = 100;

    /// <summary>
    /// Connections that ended against the previous index are all counted in the new one this long after.
    /// </summary>
    private const int SettleAfterMs = 1_000;

    private readonly ControlPlaneSettings _settings;
    private readonly ControlPlaneSources _sources;
    private readonly TableFile _table;
    private readonly GeoFile? _geo;
    private readonly ReloadStatus _status;
    private readonly EventLog _log;
    private readonly TunnelControl? _tunnel;
    private readonly CapacityWatch _capacity;
    private readonly FileWatch _watch;
    private readonly FileWatch? _geoWatch;
    private readonly WakeEvent _wake = new();
    private readonly Thread _thread;
    private long _settleAtMs;
    private long _lookedAtMs;
    private long _sweptAtMs = Environment.TickCount64;
    private volatile bool _forced;
    private volatile bool _stopping;

    public ReloadThread(
        ControlPlaneSettings settings, ControlPlaneSources sources, TableFile table, GeoFile? geo, ReloadStatus status,
        EventLog log, TunnelControl? tunnel)
    {
        _settings = settings;
        _tunnel = tunnel;
        _sources = sources;
        _table = table;
        _geo = geo;
        _status = status;
        _log = log;
        _capacity = new CapacityWatch(sources.Loops, log);
        _watch = new FileWatch(settings.DbPath);
        _geoWatch = geo is null ? null : new FileWatch(settings.GeoIpPath!);
        _thread = new Thread(Run) { IsBackground = true, Name = "edgeproxy-reload" };
    }

    public void Start() => _thread.Start();

    /// <summary>Looks at everything now, changed or not. Any thread.</summary>
    public void Request()
    {
        _forced = true;
        _wake.Set();
    }

    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        _thread.Join();
        _capacity.Dispose();
        _watch.Dispose();
        _geoWatch?.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        _settleAtMs = Environment.TickCount64 + SettleAfterMs;
        while (!_stopping)
        {
            bool woken = Wait();
            if (_stopping) { return; }
            long now = Environment.TickCount64;
            if (woken || now - _lookedAtMs >= _settings.DbReloadMs) { Look(now); }
            Tidy(now);
            _capacity.Look(now);
        }
    }

    /// <returns>True when something is known to have happened.</returns>
    private bool Wait()
    {
        Span<PollEntry> entries =
        [
            new(_wake.Descriptor, PollEvents.Readable),
            new(_watch.Descriptor, PollEvents.Readable),
            new(_geoWatch?.Descriptor ?? Fd.None, PollEvents.Readable),
        ];
        _ = SlowPoll.Wait(entries, Math.Min(TidyMs, _settings.DbReloadMs));
        if (entries[0].Returned != PollEvents.None) { _wake.Clear(); }
        if (entries[1].Returned == PollEvents.None && entries[2].Returned == PollEvents.None) { return _forced; }
        Span<PollEntry> wakeOnly = [new(_wake.Descriptor, PollEvents.Readable)];
        _ = SlowPoll.Wait(wakeOnly, BurstMs);
        bool table = _watch.Take();
        bool geo = _geoWatch is not null && _geoWatch.Take();
        return table || geo || _forced;
    }

    private void Look(long now)
    {
        _lookedAtMs = now;
        bool forced = _forced;
        _forced = false;
        if (!forced)
        {
            _ = _watch.Renew();
            _ = _geoWatch?.Renew();
        }

        if (forced || _table.MayHaveChanged())
        {
            if (_table.Load(_sources.Router.Tables.Current) is { } table)
            {
                _sources.Apply(table);
                _tunnel?.Follow(table.Peers);
                _settleAtMs = now + SettleAfterMs;
                _table.KeepCopy();
            }
        }
        else if (_status.Table.Error is null)
        {
            _status.Table.Confirmed();
            _table.KeepCopy();
        }

        LookAtGeo();
    }

    private void LookAtGeo()
    {
        if (_geo is null) { return; }
        if (_geo.ReadIfChanged(out string? error) is { } geo)
        {
            _sources.Router.Geo.Publish(geo);
            _status.Geo.Applied(ReloadOutcome.Applied);
            _log.Begin(LogLevel.Info, "geo data replaced").With("file", geo.Source).With("ranges", geo.RangeCount).Write();
        }
        else if (error is not null && _status.Geo.Failed(error))
        {
            _log.Begin(LogLevel.Error, "the geo file cannot be used; the last good data stays").With("problem", error).Write();
        }
    }

    private void Tidy(long now)
    {
        if (_settleAtMs != 0 && now >= _settleAtMs)
        {
            _settleAtMs = 0;
            _sources.Router.Settle();
        }

        IReadOnlyList<App> apps = _sources.Router.Tables.Current.Apps;
        int highest = -1;
        for (int i = 0; i < apps.Count; i++) { highest = Math.Max(highest, apps[i].Id); }
        Span<uint> ttls = highest < 256 ? stackalloc uint[highest + 1] : new uint[highest + 1];
        ttls.Fill(1); // Bindings of an app that is gone.
        for (int i = 0; i < apps.Count; i++) { ttls[apps[i].Id] = (uint)apps[i].Policy.BindingTtlSeconds; }
        double share = (now - _sweptAtMs) / (double)_settings.BindingSweepMs;
        _sweptAtMs = now;
        _ = _sources.Router.Bindings.Sweep(_sources.BindingSeconds(), ttls, share);
    }
}
