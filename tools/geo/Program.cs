using System.Diagnostics;
using System.Globalization;
using EdgeProxy.GeoTool;
using EdgeProxy.Routing;

// Packs a country MMDB file for the binary, unpacks it again and compares every range.
if (args is not [string source, string target])
{
    Console.Error.WriteLine("usage: EdgeProxy.GeoTool SOURCE.mmdb TARGET.geo");
    return 2;
}

try
{
    GeoTable table = MmdbReader.Read(File.ReadAllBytes(source), source);
    byte[] blob = GeoBlobWriter.Write(table);
    GeoTable packed = GeoBlob.Read(blob, target);
    GeoTable unpacked = packed.Unpack();
    if (Comparison.FirstDifference(table, unpacked) is { } difference)
    {
        Console.Error.WriteLine($"{target}: not written: {difference}");
        return 1;
    }

    File.WriteAllBytes(target, blob);
    long started = Stopwatch.GetTimestamp();
    _ = packed.Unpack();
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{target}: {blob.Length} bytes, {unpacked.RangeCount} ranges, {unpacked.BuiltAt:yyyy-MM-dd}, unpacked in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0.0} ms"));
    return 0;
}
catch (Exception problem) when (problem is GeoFileException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
