namespace EdgeProxy.Routing;

/// <summary>A <see cref="RegionMap"/> while it is being filled.</summary>
internal sealed class RegionMapBuilder
{
    public const int RegionsMax = 1_024;

    private readonly Dictionary<string, int> _indexByName = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<Country> _defaultCountries = [];
    private readonly short[] _regionByCountry = new short[Country.Count];

    public RegionMapBuilder() => _regionByCountry.AsSpan().Fill(RegionMap.None);

    public int Count => _names.Count;

    public List<string> FirstNames(int most) => _names[..Math.Min(most, Count)];

    /// <summary>Adds a region, or finds the one of that name; a country of none becomes the usual one.</summary>
    public int Add(string name, Country defaultCountry)
    {
        if (_indexByName.TryGetValue(name, out int index)) { return index; }
        Invariant.Holds(Count < RegionsMax);
        _indexByName.Add(name, Count);
        _names.Add(name);
        _defaultCountries.Add(defaultCountry == Country.None ? DefaultRegions.DefaultCountryOf(name) : defaultCountry);
        return Count - 1;
    }

    public int IndexOf(ReadOnlySpan<char> name) =>
        _indexByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out int index) ? index : RegionMap.None;

    public string Name(int region) => _names[region];

    public Country DefaultCountryOf(int region) => _defaultCountries[region];

    public int RegionOf(Country country) => _regionByCountry[country.Index];

    public void SetRegionOf(Country country, int region) => _regionByCountry[country.Index] = (short)region;

    public RegionMap Build() => new([.. _names], [.. _defaultCountries], [.. _regionByCountry]);
}
