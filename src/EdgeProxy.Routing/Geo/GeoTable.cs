namespace EdgeProxy.Routing;

/// <summary>
/// Which country an address is in. Immutable; any thread may ask. Addresses that no client on the internet can have
/// (private, shared, loopback, link-local, multicast, and all IPv6 outside 2000::/3) have no country.
/// </summary>
public sealed class GeoTable
{
    /// <summary>
    /// Upper half of the first and last address of 2000::/3, all that IANA allocates from (RFC 4291 §2.4).
    /// </summary>
    internal const ulong V6First = 0x2000_0000_0000_0000;

    internal const ulong V6Last = 0x3FFF_FFFF_FFFF_FFFF;

    private const ulong SixToFour = 0x2002; // 2002:V4ADDR::/48 (RFC 3056 §2).
    private const ulong Teredo = 0x2001_0000; // 2001::/32, the client's IPv4 inverted in the last 32 bits (RFC 4380 §4).

    private readonly GeoRanges _ranges;

    /// <param name="source">What the table was made from.</param>
    /// <param name="builtAt">The day its data was made.</param>
    /// <param name="ranges">Its ranges.</param>
    internal GeoTable(string source, DateOnly builtAt, GeoRanges ranges)
    {
        Source = source;
        BuiltAt = builtAt;
        _ranges = ranges;
    }

    /// <summary>What the table was made from, for people: a file's path and database type.</summary>
    public string Source { get; }

    /// <summary>The day the data was made, as its maker says.</summary>
    public DateOnly BuiltAt { get; }

    public int RangeCount => _ranges.Count;

    /// <summary>
    /// Whether each answer has to be unpacked, which takes microseconds; <see cref="Unpack"/> makes one that answers in
    /// nanoseconds.
    /// </summary>
    public bool IsPacked => _ranges is PackedRanges;

    /// <summary>A table in which no address has a country.</summary>
    internal static GeoTable Empty { get; } = new GeoTableBuilder().Build("none", default);

    /// <summary>The address's country, or none. No allocation; any thread.</summary>
    public Country Find(in IpAddress address)
    {
        ulong high = address.High;
        if (address.IsIPv4) { return _ranges.FindV4(address.V4); }
        if (high is < V6First or > V6Last) { return Country.None; }
        if (high >> 48 == SixToFour) { return _ranges.FindV4((uint)(high >> 16)); }
        if (high >> 32 == Teredo) { return _ranges.FindV4(~(uint)address.Low); }
        return _ranges.FindV6(high);
    }

    /// <summary>The same table, made for being asked often: some 12 ms of processor time when it is packed.</summary>
    /// <exception cref="GeoFileException">It was packed and the steps do not add up.</exception>
    public GeoTable Unpack() => IsPacked ? new GeoTable(Source, BuiltAt, _ranges.ToFlat()) : this;

    /// <summary>The IPv4 ranges in order: first address and country.</summary>
    internal IEnumerable<(uint Start, Country Country)> RangesV4() => _ranges.ToFlat().RangesV4();

    /// <summary>The IPv6 ranges in order: upper half of the first address, and country.</summary>
    internal IEnumerable<(ulong Start, Country Country)> RangesV6() => _ranges.ToFlat().RangesV6();
}
