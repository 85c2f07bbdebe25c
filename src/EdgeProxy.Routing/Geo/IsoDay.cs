using System.Globalization;

namespace EdgeProxy.Routing;

/// <summary>
/// Days as ISO 8601 writes them. DateOnly's own formatting would draw every format, and with it the database of time
/// zones, into the binary.
/// </summary>
public static class IsoDay
{
    /// <summary>"2026-01-31".</summary>
    public static string Text(DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $"{day.Year:D4}-{day.Month:D2}-{day.Day:D2}");
}
