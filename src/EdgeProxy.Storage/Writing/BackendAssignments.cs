namespace EdgeProxy.Storage;

/// <summary>The columns one change writes, in the shape an INSERT and an UPDATE want them.</summary>
internal sealed class BackendAssignments
{
    private readonly List<string> _columns = [];
    private readonly List<object?> _values = [];

    /// <summary>"a, b".</summary>
    public string Columns => string.Join(", ", _columns);

    /// <summary>"?, ?".</summary>
    public string Marks => string.Join(", ", _columns.ConvertAll(static _ => "?"));

    /// <summary>"a = ?, b = ?".</summary>
    public string Sets => string.Join(", ", _columns.ConvertAll(static column => column + " = ?"));

    public IReadOnlyList<object?> Values => _values;

    /// <summary>Refused when a country is given and the file has no place for it.</summary>
    public static bool From(StoreSession session, TableShape shape, BackendValues values, out BackendAssignments assignments)
    {
        assignments = new BackendAssignments();
        if (!string.IsNullOrEmpty(values.Country) && !shape.Has("country"))
        {
            return session.Refuse(
                "has a table backends without the column country",
                "Leave the country away, so that it follows from the region, or add the column: "
                + $"sqlite3 {session.Path} 'ALTER TABLE backends ADD COLUMN country TEXT'");
        }

        assignments.AddGiven("app", values.App);
        assignments.AddGiven("region", values.Region);
        if (values.Country is not null && shape.Has("country"))
        {
            assignments.Add("country", values.Country.Length == 0 ? null : values.Country.ToUpperInvariant());
        }

        assignments.AddGiven("wg_ip", values.Address);
        assignments.AddGiven("port", (long?)values.Port);
        assignments.AddGiven("healthy", values.Healthy is bool healthy ? (healthy ? 1L : 0L) : null);
        assignments.AddGiven("weight", (long?)values.Weight);
        assignments.AddGiven("soft_limit", (long?)values.SoftLimit);
        assignments.AddGiven("hard_limit", (long?)values.HardLimit);
        return true;
    }

    public void Add(string column, object? value)
    {
        _columns.Add(column);
        _values.Add(value);
    }

    private void AddGiven(string column, object? value)
    {
        if (value is not null) { Add(column, value); }
    }
}
