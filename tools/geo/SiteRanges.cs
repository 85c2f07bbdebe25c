using EdgeProxy.Routing;

namespace EdgeProxy.GeoTool;

/// <summary>
/// The IPv6 ranges of a table, none smaller than a /48, which is what one site gets (RFC 6177): where countries share a
/// /48, the one with most of it speaks for all of it.
/// </summary>
internal static class SiteRanges
{
    private const int SiteShift = 16;

    public static IEnumerable<(ulong Start, Country Country)> Of(GeoTable table)
    {
        Country last = Country.None;
        bool isFirst = true;
        foreach ((ulong start, Country country) in Whole([.. table.RangesV6()]))
        {
            if (!isFirst && country == last) { continue; }
            yield return (start, country);
            (last, isFirst) = (country, false);
        }
    }

    private static IEnumerable<(ulong Start, Country Country)> Whole((ulong Start, Country Country)[] ranges)
    {
        for (int i = 0; i < ranges.Length;)
        {
            (ulong start, Country country) = ranges[i++];
            ulong site = start >> SiteShift;
            Dictionary<Country, ulong> shares = [];
            if (start != site << SiteShift) { Add(shares, ranges[i - 2].Country, start - (site << SiteShift)); }

            // All ranges that begin within this /48.
            for (ulong siteEnd = (site + 1) << SiteShift; ; i++)
            {
                ulong end = i < ranges.Length ? ranges[i].Start : ulong.MaxValue;
                Add(shares, country, Math.Min(end, siteEnd) - start);
                if (end >= siteEnd) { break; }
                (start, country) = ranges[i];
            }

            yield return (site << SiteShift, shares.MaxBy(static s => s.Value).Key);
            bool nextIsOwn = i < ranges.Length && ranges[i].Start >> SiteShift == site + 1;
            ulong after = (site + 1) << SiteShift;
            if (shares.Count > 1 && !nextIsOwn && after <= GeoTable.V6Last) { yield return (after, country); }
        }
    }

    private static void Add(Dictionary<Country, ulong> shares, Country country, ulong networks) =>
        shares[country] = shares.GetValueOrDefault(country) + networks;
}
