using System.Globalization;
using System.Text;

namespace EdgeProxy.Routing;

public sealed partial class RoutingTableBuilder
{
    private const string BackendsTable = "backends";
    private const int WeightMax = ushort.MaxValue;
    private const int IpTextMax = 45;

    private readonly BackendArrangement _backends = new(slots.Rows);
    private long _rows;
    private bool[] _slotTaken = [];
    private BackendGuard? _guard;

    /// <summary>Adds a backend; the spans are not kept.</summary>
    public void AddBackend(in BackendRow row)
    {
        FinishApps();
        if (row.Deleted || ++_rows > defaults.BackendsMax) { return; }
        if (NameRule.FaultOf(row.Id, NameRule.IdBytesMax) is { } fault)
        {
            _problems.Add(BackendProblem(row.Id, "id", row.Id, fault, "give the backend a short visible id"));
            return;
        }

        BackendRecord record = default;
        RowProblem? problem =
            ReadPlace(row, ref record, out int appId) ?? ReadAddress(row, ref record) ?? ReadNumbers(row, ref record);
        if (problem is not null)
        {
            KeepBackend(row.Id, problem);
            return;
        }

        record.Healthy = row.Healthy;
        TakeBackend(row.Id, appId, record);
    }

    /// <summary>Reports a bad backend and keeps its previous version.</summary>
    public void KeepBackend(ReadOnlySpan<byte> id, RowProblem problem)
    {
        FinishApps();
        _problems.Add(problem);
        int slot = previous is null || id.IsEmpty ? -1 : slots.Find(id);
        int old = slot < 0 ? -1 : previous!.IndexOfSlot(slot);
        if (old < 0) { return; }
        BackendRecord record = previous!.Records[old];
        int app = AppOf(previous.AppOf(old).Name);
        int region = _regions.IndexOf(previous.Regions.Name(record.Region));
        if (app < 0 || region < 0) { return; }
        record.Region = (short)region;
        TakeBackend(id, app, record);
    }

    private void TakeBackend(ReadOnlySpan<byte> id, int appId, BackendRecord record)
    {
        int slot = slots.FindOrAdd(id);
        if (slot < 0)
        {
            _problems.Add(BackendProblem(
                id, "id", id, "finds no free slot: too many removed backends still carry connections",
                "wait for them to end, or restart the proxy"));
            return;
        }

        int slotIndex = slot & Seat.IndexMask;
        if (slotIndex >= _slotTaken.Length) { Array.Resize(ref _slotTaken, Math.Max(slots.Count, slotIndex * 2)); }
        if (_slotTaken[slotIndex])
        {
            _problems.Add(BackendProblem(id, "id", id, "is there twice", "remove one of the rows; the first one counts"));
            return;
        }

        _slotTaken[slotIndex] = true;
        record.Slot = slot;
        _backends.Add(appId, record);
    }

    private RowProblem? ReadPlace(in BackendRow row, ref BackendRecord record, out int appId)
    {
        Span<char> buffer = stackalloc char[NameRule.NameBytesMax];
        appId = AppOf(Name(row.App, buffer));
        if (appId < 0)
        {
            return BackendProblem(
                row.Id, "app", row.App, "is not an app", "add it to apps, or name one that is there");
        }

        int region = RegionOf(Name(row.Region, buffer));
        if (region == RegionMap.None)
        {
            return BackendProblem(
                row.Id, "region", row.Region, "is not a region", RegionCure());
        }

        record.Region = (short)region;
        record.Country = _regions.DefaultCountryOf(region);
        return row.Country.IsEmpty || Country.TryParse(row.Country, out record.Country)
            ? null
            : BackendProblem(row.Id, "country", row.Country, "is not a country", CountryCure);
    }

    private RowProblem? ReadAddress(in BackendRow row, ref BackendRecord record)
    {
        Span<char> text = stackalloc char[IpTextMax];
        if (row.WgIp.Length > IpTextMax || !Encoding.UTF8.TryGetChars(row.WgIp, text, out int length)
            || !IpAddress.TryParse(text[..length], out record.Address))
        {
            return BackendProblem(
                row.Id, "wg_ip", row.WgIp, "is not an IPv4 or IPv6 address",
                "write a plain address without port, zone or leading zeros, as 10.50.1.1 or fd00::1");
        }

        _guard ??= GuardOfApps();
        if (_guard.FaultOf(record.Address) is { } fault)
        {
            return BackendProblem(
                row.Id, "wg_ip", row.WgIp, $"is {fault}", "name the address the backend listens on");
        }

        if (row.Port is < 1 or > ushort.MaxValue) { return NumberProblem(row, "port", row.Port, 1, ushort.MaxValue); }
        record.Port = (ushort)row.Port;
        return !_guard.IsOwn(record.Endpoint)
            ? null
            : BackendProblem(
                row.Id, "port", Encoding.UTF8.GetBytes(record.Endpoint.ToString()), "is a socket of this proxy itself",
                "name the address and port the backend listens on");
    }

    private BackendGuard GuardOfApps()
    {
        BackendGuard guard = new(defaults);
        foreach (AppDraft app in _apps) { guard.AddOwn(app.Listeners); }
        return guard;
    }

    private static RowProblem? ReadNumbers(in BackendRow row, ref BackendRecord record)
    {
        if (row.Weight is < 0 or > WeightMax) { return NumberProblem(row, "weight", row.Weight, 0, WeightMax); }
        if (row.SoftLimit is < 0 or > int.MaxValue) { return NumberProblem(row, "soft_limit", row.SoftLimit, 0, int.MaxValue); }
        if (row.HardLimit is < 0 or > int.MaxValue) { return NumberProblem(row, "hard_limit", row.HardLimit, 0, int.MaxValue); }
        record.Weight = (ushort)row.Weight;
        record.SoftLimit = (int)row.SoftLimit;
        record.HardLimit = (int)row.HardLimit;
        return null;
    }

    private int AppOf(ReadOnlySpan<char> name) =>
        !_appsListed ? _apps[0].Id
        : _appIdByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out int id) ? id
        : -1;

    /// <summary>Where no regions are listed, whatever a backend calls its region is one.</summary>
    private int RegionOf(ReadOnlySpan<char> name)
    {
        int region = _regions.IndexOf(name);
        if (region != RegionMap.None || _regionsListed || !HasRoomForRegion) { return region; }
        string text = name.ToString();
        return NameRule.FaultOf(text, NameRule.NameBytesMax) is null ? _regions.Add(text, Country.None) : RegionMap.None;
    }

    /// <summary>A borrowed text as characters; empty, which no name is, when it is too long or not UTF-8.</summary>
    private static ReadOnlySpan<char> Name(ReadOnlySpan<byte> text, Span<char> buffer) =>
        text.Length <= buffer.Length && Encoding.UTF8.TryGetChars(text, buffer, out int length) ? buffer[..length] : default;

    private static RowProblem NumberProblem(in BackendRow row, string column, long value, long min, long max) =>
        BackendProblem(
            row.Id, column, Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)),
            $"is not between {min} and {max}", "give a whole number in that range");

    private static RowProblem BackendProblem(
        ReadOnlySpan<byte> row, string column, ReadOnlySpan<byte> value, string problem, string cure) =>
        new(BackendsTable, ProblemList.Shown(row), column, ProblemList.Shown(value), problem, cure);
}
