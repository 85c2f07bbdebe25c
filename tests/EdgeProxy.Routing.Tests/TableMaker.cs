using System.Text;

namespace EdgeProxy.Routing.Tests;

/// <summary>Makes tables the way storage does, with short calls.</summary>
internal sealed class TableMaker(BackendSlots? slots = null)
{
    public AppIds AppIds { get; } = new();

    public BackendSlots Slots { get; } = slots ?? new BackendSlots();

    public RoutingDefaults Defaults { get; set; } = new() { PopRegion = "sa" };

    public Published<RoutingTable>? Tables { get; private set; }

    public IReadOnlyList<RowProblem> Problems { get; private set; } = [];

    public RoutingTable Current => Tables!.Current;

    public RoutingTableBuilder NewBuilder() => new(Tables?.Current, AppIds, Slots, Defaults);

    public RoutingTable Publish(RoutingTableBuilder builder)
    {
        RoutingTable? table = builder.Build(out IReadOnlyList<RowProblem> problems);
        Problems = problems;
        Assert.NotNull(table);
        if (Tables is null) { Tables = new Published<RoutingTable>(table); }
        else { Tables.Publish(table); }
        return table;
    }

    public RoutingTable Publish(params Row[] rows)
    {
        RoutingTableBuilder builder = NewBuilder();
        foreach (Row row in rows) { row.AddTo(builder); }
        return Publish(builder);
    }

    public Router NewRouter(GeoTable? geo = null) =>
        new(Tables!, new Published<GeoTable>(geo ?? GeoTable.Empty), Slots, new BindingTable(10_000, 1));

    public int SlotOf(string id) => Slots.Find(Encoding.UTF8.GetBytes(id));

    /// <summary>A row of <c>backends</c> as texts.</summary>
    internal sealed record Row(string Id)
    {
        public string App { get; init; } = "web";
        public string Region { get; init; } = "sa";
        public string Country { get; init; } = "";
        public string Ip { get; init; } = "10.0.0.1";
        public long Port { get; init; } = 80;
        public bool Healthy { get; init; } = true;
        public long Weight { get; init; } = 1;
        public long Soft { get; init; } = 10;
        public long Hard { get; init; }
        public bool Deleted { get; init; }

        public void AddTo(RoutingTableBuilder builder) => builder.AddBackend(new BackendRow
        {
            Id = Encoding.UTF8.GetBytes(Id),
            App = Encoding.UTF8.GetBytes(App),
            Region = Encoding.UTF8.GetBytes(Region),
            Country = Encoding.UTF8.GetBytes(Country),
            WgIp = Encoding.UTF8.GetBytes(Ip),
            Port = Port,
            Healthy = Healthy,
            Weight = Weight,
            SoftLimit = Soft,
            HardLimit = Hard,
            Deleted = Deleted,
        });
    }
}
