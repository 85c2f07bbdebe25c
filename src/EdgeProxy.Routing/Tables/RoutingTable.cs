namespace EdgeProxy.Routing;

/// <summary>
/// Everything one reload resolved to: immutable, published whole. What changes (connections, counters) lives in the
/// slots it points to.
/// </summary>
public sealed class RoutingTable
{
    private readonly App?[] _appsById;
    private readonly App[] _apps;
    private readonly BackendRecord[] _backends;
    private readonly int[] _indexBySlot;
    private readonly App[] _appsByFirst;
    private readonly int[] _appFirsts;

    internal RoutingTable(
        long version, RegionMap regions, int popRegion, App[] apps, BackendRecord[] backends, SelectionIndex selection,
        int slotCount, PlaceOverrides overrides)
    {
        Version = version;
        Regions = regions;
        PopRegion = popRegion;
        Overrides = overrides;
        _apps = apps;
        int ids = 0;
        foreach (App app in apps) { ids = Math.Max(ids, app.Id + 1); }
        _appsById = new App?[ids];
        foreach (App app in apps) { _appsById[app.Id] = app; }
        _appsByFirst = Array.FindAll(apps, static a => a.Backends.Count > 0);
        _appFirsts = Array.ConvertAll(_appsByFirst, static a => a.Backends.First);
        Array.Sort(_appFirsts, _appsByFirst);
        _backends = backends;
        Selection = selection;
        _indexBySlot = new int[slotCount];
        _indexBySlot.AsSpan().Fill(SelectionIndex.NoBackend);
        for (int i = 0; i < backends.Length; i++) { _indexBySlot[backends[i].Slot & Seat.IndexMask] = i; }
    }

    /// <summary>Counts up with every table of this process.</summary>
    public long Version { get; }

    public RegionMap Regions { get; }

    /// <summary>The number of this POP's region.</summary>
    public int PopRegion { get; }

    public IReadOnlyList<App> Apps => _apps;

    /// <summary>The peers of the WireGuard backhaul; the same object until one of them changes.</summary>
    public PeerTable Peers { get; internal init; } = PeerTable.Empty;

    public int BackendCount => _backends.Length;

    internal PlaceOverrides Overrides { get; }

    internal ReadOnlySpan<BackendRecord> Records => _backends;

    internal SelectionIndex Selection { get; }

    public App? AppById(int appId) => (uint)appId < (uint)_appsById.Length ? _appsById[appId] : null;

    public App? AppByName(string name) => Array.Find(_apps, app => app.Name == name);

    /// <summary>
    /// A backend by its index in this table, 0 to <see cref="BackendCount"/> - 1; all of one app are neighbours.
    /// </summary>
    public BackendInfo Backend(int index)
    {
        ref readonly BackendRecord record = ref _backends[index];
        return new BackendInfo(
            record.Slot, AppOf(index).Id, record.Endpoint, record.Region, record.Country, record.Healthy, record.Weight,
            record.SoftLimit, record.HardLimit);
    }

    /// <summary>The index of the backend that has this slot, or -1 when this table does not have it.</summary>
    public int IndexOfSlot(int slot)
    {
        int slotIndex = slot & Seat.IndexMask;
        if (slot < 0 || slotIndex >= _indexBySlot.Length) { return -1; }
        int index = _indexBySlot[slotIndex];
        return index >= 0 && _backends[index].Slot == slot ? index : -1;
    }

    /// <summary>The app a backend belongs to.</summary>
    internal App AppOf(int backend)
    {
        int at = Array.BinarySearch(_appFirsts, backend);
        return _appsByFirst[at >= 0 ? at : ~at - 1];
    }
}
