namespace EdgeProxy.Routing.Tests;

/// <summary>The format's own test files, beside the test program.</summary>
internal static class MmdbFiles
{
    public static byte[] Read(string name) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "mmdb", name + ".mmdb"));

    public static IEnumerable<string> Paths() =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "data", "mmdb"), "*.mmdb").Order(StringComparer.Ordinal);
}
