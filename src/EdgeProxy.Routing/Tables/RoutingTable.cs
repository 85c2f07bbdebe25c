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

    internal RoutingTable(
        long version, RegionMap regions, int popRegion, App[] apps, BackendRecord[] backends, int[] indexBySlot,
        PlaceOverrides overrides)
    {
        Version = version;
        Regions = regions;
        PopRegion = popRegion;
        Overrides = overrides;
        _apps = apps;
        _appsById = new App?[apps.Length == 0 ? 0 : apps.Max(static a => a.Id) + 1];
        foreach (App app in apps) { _appsById[app.Id] = app; }
        _backends = backends;
        _indexBySlot = indexBySlot;
    }

    /// <summary>Counts up with every table of this process.</summary>
    public long Version { get; }

    public RegionMap Regions { get; }

    /// <summary>The number of this POP's region.</summary>
    public int PopRegion { get; }

    public IReadOnlyList<App> Apps => _apps;

    public int BackendCount => _backends.Length;

    internal PlaceOverrides Overrides { get; }

    internal ReadOnlySpan<BackendRecord> Records => _backends;

    public App? AppById(int appId) => (uint)appId < (uint)_appsById.Length ? _appsById[appId] : null;

    public App? AppByName(string name) => Array.Find(_apps, app => app.Name == name);

    /// <summary>A backend by its index in this table, 0 to <see cref="BackendCount"/> - 1; all of one app are neighbours.</summary>
    public BackendInfo Backend(int index)
    {
        ref readonly BackendRecord record = ref _backends[index];
        return new BackendInfo(
            record.Slot, record.App, record.Endpoint, record.Region, record.Country, record.Healthy, record.Weight,
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
}
