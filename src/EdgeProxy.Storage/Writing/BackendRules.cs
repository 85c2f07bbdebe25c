using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy.Storage;

/// <summary>
/// What a row must satisfy before it is written, since a foreign file may have no constraint of its own.
/// </summary>
internal static class BackendRules
{
    private const int IdBytesMax = 255;
    private const int NameBytesMax = 64;
    private const int NamesShownMax = 20;
    private const int WeightMax = ushort.MaxValue;

    public static BackendValues WithDefaults(BackendValues values) => values with
    {
        App = values.App ?? App.ImplicitName,
        Healthy = values.Healthy ?? true,
        Weight = values.Weight ?? 2,
        SoftLimit = values.SoftLimit ?? 100,
        HardLimit = values.HardLimit ?? 150,
    };

    /// <summary>A new row: everything is checked and what has no default must be there.</summary>
    public static bool CheckNew(StoreSession session, string id, BackendValues values)
    {
        string? missing = values.Region is null ? "region" : values.Address is null ? "address" : values.Port is null ? "port" : null;
        if (missing is not null)
        {
            return session.Refuse($"cannot take backend '{id}' without a {missing}", $"Give its {missing}.");
        }

        return CheckName(session, "id", id, IdBytesMax) && Check(session, values);
    }

    /// <summary>Checks the values that are given.</summary>
    public static bool Check(StoreSession session, BackendValues values) =>
        CheckName(session, "app", values.App, NameBytesMax)
        && CheckName(session, "region", values.Region, NameBytesMax)
        && CheckCountry(session, values.Country)
        && CheckAddress(session, values.Address)
        && CheckNumber(session, "port", values.Port, 1, ushort.MaxValue)
        && CheckNumber(session, "weight", values.Weight, 0, WeightMax)
        && CheckNumber(session, "soft_limit", values.SoftLimit, 0, int.MaxValue)
        && CheckNumber(session, "hard_limit", values.HardLimit, 0, int.MaxValue)
        && CheckListed(session, "apps", "app", values.App)
        && CheckListed(session, "regions", "region", values.Region);

    private static bool CheckName(StoreSession session, string column, string? value, int bytesMax)
    {
        if (value is null || (value.Length > 0 && Encoding.UTF8.GetByteCount(value) <= bytesMax && !HasControl(value)))
        {
            return true;
        }

        return session.Refuse(
            $"cannot take the {column} '{value}'", $"Use 1 to {bytesMax} bytes of UTF-8 without control characters.");
    }

    private static bool HasControl(string text)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c)) { return true; }
        }

        return false;
    }

    private static bool CheckCountry(StoreSession session, string? value) =>
        string.IsNullOrEmpty(value) || Country.TryParse(value.AsSpan(), out _)
        || session.Refuse($"cannot take the country '{value}'", "Use a two-letter ISO 3166-1 code, such as BR.");

    private static bool CheckAddress(StoreSession session, string? value) =>
        value is null || IpAddress.TryParse(value, out _)
        || session.Refuse($"cannot take the address '{value}'", "Use an IPv4 or IPv6 address, without port and brackets.");

    private static bool CheckNumber(StoreSession session, string column, int? value, int least, int most) =>
        value is null || (value >= least && value <= most)
        || session.Refuse($"cannot take the {column} {value}", $"Use a whole number from {least} to {most}.");

    /// <summary>
    /// The name is a row of <paramref name="table"/>, unless the file has no such table or no rows in it.
    /// </summary>
    private static bool CheckListed(StoreSession session, string table, string what, string? name)
    {
        if (name is null) { return true; }
        if (!session.ReadShape(table, out TableShape shape)) { return false; }
        List<string> names = [];
        if (shape.IsPlainTable && shape.Has("name")
            && !session.Query($"SELECT name FROM main.{table} LIMIT {StorageLimits.AppsMax}", row => names.Add(row.Text(0))))
        {
            return false;
        }

        return names.Count == 0 || names.Contains(name) || session.Refuse(
            $"has no {what} '{name}'",
            $"Known are {string.Join(", ", names.GetRange(0, Math.Min(names.Count, NamesShownMax)))}; a new one is a row of the table {table}.");
    }
}
