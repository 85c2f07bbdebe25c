namespace EdgeProxy.Storage;

/// <summary>
/// The columns of <c>backends</c>, as the original named them, and their places in the query that reads them.
/// </summary>
internal static class BackendColumns
{
    public const string Table = "backends";

    public const int Id = 0;
    public const int App = 1;
    public const int Region = 2;
    public const int WgIp = 3;
    public const int Port = 4;
    public const int Healthy = 5;
    public const int Weight = 6;
    public const int SoftLimit = 7;
    public const int HardLimit = 8;
    public const int Country = 9;
    public const int Deleted = 10;

    /// <summary>
    /// By place. Without one of these nothing can be read; <c>country</c> and <c>deleted</c> may be missing.
    /// </summary>
    public static readonly string[] Required =
        ["id", "app", "region", "wg_ip", "port", "healthy", "weight", "soft_limit", "hard_limit"];

    /// <summary>By place.</summary>
    public static readonly string[] All = [.. Required, "country", "deleted"];

    public static string Select(TableShape shape) => $"SELECT {shape.SelectAll(All)} FROM main.{Table}";
}
