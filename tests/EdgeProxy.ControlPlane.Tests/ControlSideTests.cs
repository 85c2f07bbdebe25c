using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane.Tests;

public sealed class ControlSideTests
{
    private const int PatienceMs = 30_000;

    [Fact]
    public void Start_WhenGeoTableIsPacked_PutsTheUnpackedOneInItsPlace()
    {
        using LiveParts parts = new();
        Published<GeoTable> geo = parts.Sources.Router.Geo;
        GeoTable packed = geo.Current;
        Assert.True(packed.IsPacked);
        using ControlSide control = new(Settings, new AppIds(), parts.Sources.Router.Slots, TimeProvider.System);
        Assert.Null(control.Start(parts.Sources));
        Assert.True(SpinWait.SpinUntil(() => !geo.Current.IsPacked, PatienceMs));
        GeoTable now = geo.Current;
        Assert.Equal((packed.Source, packed.BuiltAt, packed.RangeCount), (now.Source, now.BuiltAt, now.RangeCount));
    }

    [Fact]
    public void LoadFirst_WhenNoGeoFileIsSet_TakesTheEmbeddedTableAsItIs()
    {
        using ControlSide control = new(Settings, new AppIds(), new BackendSlots(), TimeProvider.System);
        FirstLoad first = control.LoadFirst();
        Assert.Equal(EmbeddedGeo.Name, first.Geo.Source);
        Assert.True(first.Geo.IsPacked);
        Assert.Null(first.GeoProblem);
    }

    private static ControlPlaneSettings Settings => new()
    {
        Version = "1.2.3",
        DbPath = Path.Combine(AppContext.BaseDirectory, "there-is-none.db"),
        RoutingDefaults = new RoutingDefaults { PopRegion = "sa" },
        MetricsEnabled = false,
        IsSilent = true,
    };
}
