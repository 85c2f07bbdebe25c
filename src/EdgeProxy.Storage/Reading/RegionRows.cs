namespace EdgeProxy.Storage;

/// <summary>The tables that say where clients and backends are.</summary>
internal static class RegionRows
{
    public static readonly SmallTable Regions = new(
        "regions", "name", ["name", "country"], ["name", "country"], StorageLimits.RegionsMax,
        static (row, builder) =>
        {
            string name = row.Text("name") ?? "";
            string? country = row.Text("country");
            if (row.Fault is null) { builder.AddRegion(name, country); }
            else { builder.KeepRegion(row.Key, row.Fault); }
        });

    public static readonly SmallTable Countries = new(
        "countries", "country", ["country", "region"], ["country", "region"], StorageLimits.RegionsMax,
        static (row, builder) =>
        {
            string country = row.Text("country") ?? "";
            string region = row.Text("region") ?? "";
            if (row.Fault is null) { builder.AddCountry(country, region); }
            else { builder.KeepCountry(row.Key, row.Fault); }
        });

    public static readonly SmallTable Overrides = new(
        "overrides", "prefix", ["prefix", "country", "region"], ["prefix", "country", "region"], StorageLimits.OverridesMax,
        static (row, builder) =>
        {
            string prefix = row.Text("prefix") ?? "";
            string? country = row.Text("country");
            string? region = row.Text("region");
            if (row.Fault is null) { builder.AddOverride(prefix, country, region); }
            else { builder.KeepOverride(row.Key, row.Fault); }
        });
}
