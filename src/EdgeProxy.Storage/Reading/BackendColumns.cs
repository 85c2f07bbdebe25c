namespace EdgeProxy.Storage;

/// <summary>The columns of <c>backends</c>, as the original named them.</summary>
internal static class BackendColumns
{
    public const string Table = "backends";

    /// <summary>Without one of these nothing can be read; <c>country</c> and <c>deleted</c> may be missing.</summary>
    public static readonly string[] Required =
        ["id", "app", "region", "wg_ip", "port", "healthy", "weight", "soft_limit", "hard_limit"];
}
