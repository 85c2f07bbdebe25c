using EdgeProxy.Routing;

namespace EdgeProxy.Benchmarks;

/// <summary>The geo table that benchmarks look things up in.</summary>
internal static class GeoTables
{
    /// <summary>Ranges of the DB-IP country file of 2026-06, to the nearest ten thousand.</summary>
    private const int MadeUpV4 = 330_000;
    private const int MadeUpV6 = 330_000;

    public static GeoTable Load()
    {
        string? path = Environment.GetEnvironmentVariable("GEO_FILE");
        return path is { Length: > 0 } ? MmdbReader.Read(File.ReadAllBytes(path), Path.GetFileName(path)) : MakeUp();
    }

    private static GeoTable MakeUp()
    {
        Random random = new(1);
        GeoTableBuilder builder = new();
        foreach (uint start in Ascending(MadeUpV4, () => (uint)random.NextInt64(1L << 32)))
        {
            builder.AddV4(start, NextCountry());
        }

        // As allocations are: crowded into a few thousand /32s.
        ulong[] crowded = [.. Ascending(4_000, () => 0x2000_0000UL + (ulong)random.Next(1 << 28))];
        foreach (ulong start in Ascending(
            MadeUpV6, () => (crowded[random.Next(crowded.Length)] << 32) | ((ulong)random.Next(1 << 16) << 16)))
        {
            builder.AddV6(start, NextCountry());
        }

        return builder.Build("made up: no GEO_FILE", default);

        Country NextCountry() => new((byte)random.Next(1, Country.Count));
    }

    private static IEnumerable<T> Ascending<T>(int count, Func<T> next) =>
        Enumerable.Range(0, count).Select(_ => next()).Distinct().Order();
}
