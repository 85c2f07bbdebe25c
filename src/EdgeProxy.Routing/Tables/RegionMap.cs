namespace EdgeProxy.Routing;

/// <summary>The regions of one table by number, the region of each country and each region's default country.</summary>
public sealed class RegionMap
{
    /// <summary>The number of no region.</summary>
    public const int None = -1;

    private readonly string[] _names;
    private readonly Country[] _defaultCountries;
    private readonly short[] _regionByCountry;

    /// <param name="names">By region number.</param>
    /// <param name="defaultCountries">By region number.</param>
    /// <param name="regionByCountry">Region numbers or <see cref="None"/>, by <see cref="Country.Index"/>.</param>
    internal RegionMap(string[] names, Country[] defaultCountries, short[] regionByCountry)
    {
        Invariant.Holds(names.Length == defaultCountries.Length && regionByCountry.Length == Country.Count);
        _names = names;
        _defaultCountries = defaultCountries;
        _regionByCountry = regionByCountry;
    }

    public int Count => _names.Length;

    /// <summary>The region's name; empty for <see cref="None"/>.</summary>
    public string Name(int region) => region < 0 ? "" : _names[region];

    /// <summary>The number of a name, or <see cref="None"/>.</summary>
    public int IndexOf(string name) => Array.IndexOf(_names, name);

    /// <summary>The region a country's clients belong to, or <see cref="None"/>.</summary>
    public int RegionOf(Country country) => _regionByCountry[country.Index];

    /// <summary>The country of a backend that names only this region.</summary>
    public Country DefaultCountryOf(int region) => _defaultCountries[region];
}
