namespace EdgeProxy.Routing;

/// <summary>
/// Finds the country in a record of the data section, whatever the maker's layout, and remembers it by offset: a file
/// has few records and millions of references to them.
/// </summary>
internal sealed class MmdbCountries(MmdbSection data)
{
    private readonly Dictionary<long, Country> _known = [];

    /// <summary>Whether any record so far had a country.</summary>
    public bool Any { get; private set; }

    /// <summary>The country of the record at an offset of the data section.</summary>
    public Country At(long offset)
    {
        if (_known.TryGetValue(offset, out Country country)) { return country; }
        country = Find(data.Read(offset));
        Any |= country != Country.None;
        _known.Add(offset, country);
        return country;
    }

    private Country Find(in MmdbValue record)
    {
        if (record.Type != MmdbType.Map) { return Country.None; }
        if (data.TryFind(record, "country"u8, out MmdbValue country) && TryCode(country, out Country found)) { return found; }
        if (data.TryFind(record, "country_code"u8, out MmdbValue code) && TryCode(code, out found)) { return found; }

        // Where the user is cannot be told: satellite, military, anycast. Where the network is registered is a better
        // guess than none.
        return data.TryFind(record, "registered_country"u8, out country) && TryCode(country, out found)
            ? found
            : Country.None;
    }

    /// <summary>Reads a code, or a map that holds one as iso_code.</summary>
    private bool TryCode(in MmdbValue value, out Country country)
    {
        country = Country.None;
        return value.Type switch
        {
            MmdbType.Text => Country.TryParse(data.Bytes(value), out country),
            MmdbType.Map => data.TryFind(value, "iso_code"u8, out MmdbValue code) && code.Type == MmdbType.Text
                && Country.TryParse(data.Bytes(code), out country),
            _ => false,
        };
    }
}
