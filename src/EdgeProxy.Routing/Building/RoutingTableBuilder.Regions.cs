namespace EdgeProxy.Routing;

public sealed partial class RoutingTableBuilder
{
    private const string RegionsTable = "regions";
    private const string CountriesTable = "countries";
    private const string CountryCure = "use a two-letter ISO 3166-1 code such as BR";

    private readonly RegionMapBuilder _regions = new();
    private readonly HashSet<Country> _countriesListed = [];
    private bool _regionsListed;
    private bool _regionsFinished;

    /// <summary>
    /// Adds a region. When a table lists none, the default ones count and a backend may name any other; when it lists
    /// some, a backend must name one of them (this POP's own always counts).
    /// </summary>
    /// <param name="name">What backends call it.</param>
    /// <param name="defaultCountry">The country of backends that name only this region; null or empty for the
    /// usual.</param>
    public void AddRegion(string name, string? defaultCountry)
    {
        Invariant.Holds(!_regionsFinished);
        Country country = Country.None;
        RowProblem? problem =
            NameRule.FaultOf(name, NameRule.NameBytesMax) is { } fault
                ? RegionProblem(name, "name", name, fault, "give the region a short visible name")
            : !string.IsNullOrEmpty(defaultCountry) && !Country.TryParse(defaultCountry, out country)
                ? RegionProblem(name, "country", defaultCountry, "is not a country", CountryCure)
            : _regions.IndexOf(name) != RegionMap.None
                ? RegionProblem(name, "name", name, "is there twice", "remove one of the rows")
            : HasRoomForRegion
                ? null
            : RegionProblem(
                name, "name", name, $"is one region too many, {RegionMapBuilder.RegionsMax} is the most", "remove regions");
        if (problem is not null)
        {
            KeepRegion(name, problem);
            return;
        }

        _regionsListed = true;
        _regions.Add(name, country);
    }

    /// <summary>Reports a bad region and keeps its previous version.</summary>
    public void KeepRegion(string name, RowProblem problem)
    {
        Invariant.Holds(!_regionsFinished);
        _problems.Add(problem);
        _regionsListed = true;
        int old = previous?.Regions.IndexOf(name) ?? RegionMap.None;
        if (old != RegionMap.None && HasRoomForRegion) { _regions.Add(name, previous!.Regions.DefaultCountryOf(old)); }
    }

    /// <summary>
    /// Says which region a country's clients belong to; countries not named follow the default mapping.
    /// </summary>
    public void AddCountry(string code, string region)
    {
        FinishRegions();
        int index = RegionMap.None;
        RowProblem? problem =
            !Country.TryParse(code, out Country country)
                ? CountryProblem(code, "country", code, "is not a country", CountryCure)
            : (index = _regions.IndexOf(region)) == RegionMap.None
                ? CountryProblem(code, "region", region, "is not a region", RegionCure())
            : _countriesListed.Contains(country)
                ? CountryProblem(code, "country", code, "is there twice", "remove one of the rows")
            : null;
        if (problem is not null)
        {
            KeepCountry(code, problem);
            return;
        }

        _countriesListed.Add(country);
        _regions.SetRegionOf(country, index);
    }

    /// <summary>Reports a bad country row and keeps its previous version.</summary>
    public void KeepCountry(string code, RowProblem problem)
    {
        FinishRegions();
        _problems.Add(problem);
        if (previous is null || !Country.TryParse(code, out Country country) || !_countriesListed.Add(country)) { return; }
        int region = _regions.IndexOf(previous.Regions.Name(previous.Regions.RegionOf(country)));
        if (region != RegionMap.None) { _regions.SetRegionOf(country, region); }
    }

    /// <summary>One place is kept for this POP's own region.</summary>
    private bool HasRoomForRegion => _regions.Count < RegionMapBuilder.RegionsMax - 1;

    private string RegionCure()
    {
        const int namesMax = 8;
        string more = _regions.Count > namesMax ? " …" : "";
        return $"name one of {string.Join(", ", _regions.FirstNames(namesMax))}{more}, or add it to {RegionsTable}";
    }

    /// <summary>Completes the regions from the defaults; from here on no row of <c>regions</c> can come.</summary>
    private void FinishRegions()
    {
        if (_regionsFinished) { return; }
        _regionsFinished = true;
        if (!_regionsListed)
        {
            foreach (string name in DefaultRegions.Names) { _regions.Add(name, Country.None); }
        }

        _regions.Add(defaults.PopRegion, Country.None);
        foreach (Country country in Country.GetAll())
        {
            _regions.SetRegionOf(country, _regions.IndexOf(DefaultRegions.RegionOf(country)));
        }
    }

    private static RowProblem RegionProblem(string row, string column, string value, string problem, string cure) =>
        new(RegionsTable, ProblemList.Shown(row), column, ProblemList.Shown(value), problem, cure);

    private static RowProblem CountryProblem(string row, string column, string value, string problem, string cure) =>
        new(CountriesTable, ProblemList.Shown(row), column, ProblemList.Shown(value), problem, cure);
}
