using EdgeProxy.Routing;

namespace EdgeProxy.GeoTool;

/// <summary>Whether an unpacked table says what its source says: IPv4 exactly, IPv6 to the /48.</summary>
internal static class Comparison
{
    /// <returns>Null when they are equal.</returns>
    public static string? FirstDifference(GeoTable source, GeoTable unpacked)
    {
        if (source.BuiltAt != unpacked.BuiltAt) { return $"its day is {unpacked.BuiltAt}, the source's {source.BuiltAt}"; }
        foreach (((uint Start, Country Country) wanted, (uint Start, Country Country) got) in source.RangesV4().Zip(unpacked.RangesV4()))
        {
            if (wanted != got) { return $"the IPv4 range {got} should be {wanted}"; }
        }

        foreach (((ulong Start, Country Country) wanted, (ulong Start, Country Country) got) in SiteRanges.Of(source).Zip(unpacked.RangesV6()))
        {
            if (wanted != got) { return $"the IPv6 range {got} should be {wanted}"; }
        }

        int ranges = source.RangesV4().Count() + SiteRanges.Of(source).Count();
        return ranges == unpacked.RangeCount ? null : $"it has {unpacked.RangeCount} ranges where {ranges} are wanted";
    }
}
