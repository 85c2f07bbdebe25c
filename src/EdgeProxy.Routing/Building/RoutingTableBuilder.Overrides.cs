namespace EdgeProxy.Routing;

public sealed partial class RoutingTableBuilder
{
    private const string OverridesTable = "overrides";
    private const int OverridesMax = 100_000;

    private readonly Dictionary<IpPrefix, ClientPlace> _overrides = [];

    /// <summary>
    /// Says where the clients of a CIDR block are, whatever the geo table says; the longest block wins.
    /// </summary>
    /// <param name="prefix">The block, or one address.</param>
    /// <param name="country">Null or empty: the region alone counts.</param>
    /// <param name="region">Null or empty: the country's region.</param>
    public void AddOverride(string prefix, string? country, string? region)
    {
        FinishRegions();
        Country place = Country.None;
        int index = RegionMap.None;
        RowProblem? problem =
            !IpPrefix.TryParse(prefix, out IpPrefix block)
                ? OverrideProblem(
                    prefix, "prefix", prefix, "is not a CIDR block",
                    "write it as 203.0.113.0/24 or 2001:db8::/32, with no bits set beyond the length")
            : !string.IsNullOrEmpty(country) && !Country.TryParse(country, out place)
                ? OverrideProblem(prefix, "country", country, "is not a country", CountryCure)
            : !string.IsNullOrEmpty(region) && (index = _regions.IndexOf(region)) == RegionMap.None
                ? OverrideProblem(prefix, "region", region, "is not a region", RegionCure())
            : place == Country.None && index == RegionMap.None
                ? OverrideProblem(prefix, "country", "", "is empty, and so is region", "give one of them or both")
            : _overrides.ContainsKey(block)
                ? OverrideProblem(prefix, "prefix", prefix, "is there twice", "remove one of the rows")
            : _overrides.Count == OverridesMax
                ? OverrideProblem(
                    prefix, "prefix", prefix, $"is one block too many, {OverridesMax} is the most", "merge blocks")
            : null;
        if (problem is not null)
        {
            KeepOverride(prefix, problem);
            return;
        }

        if (index == RegionMap.None) { index = _regions.RegionOf(place); }
        _overrides.Add(block, new ClientPlace(place, index, PlaceSource.Override));
    }

    /// <summary>Reports a bad override and keeps its previous version.</summary>
    public void KeepOverride(string prefix, RowProblem problem)
    {
        FinishRegions();
        _problems.Add(problem);
        if (previous is null || _overrides.Count == OverridesMax || !IpPrefix.TryParse(prefix, out IpPrefix block)
            || !previous.Overrides.TryGet(block, out ClientPlace old))
        {
            return;
        }

        ClientPlace place = old with { Region = _regions.IndexOf(previous.Regions.Name(old.Region)) };
        if (place.Country != Country.None || place.Region != RegionMap.None) { _overrides.TryAdd(block, place); }
    }

    private static RowProblem OverrideProblem(string row, string column, string value, string problem, string cure) =>
        new(OverridesTable, ProblemList.Shown(row), column, ProblemList.Shown(value), problem, cure);
}
