namespace EdgeProxy.Storage;

/// <summary>The columns a table of the file has, looked up as SQLite does: without regard to case.</summary>
internal sealed class TableShape
{
    private readonly HashSet<string> _columns;

    private TableShape(string table, string kind, HashSet<string> columns)
    {
        Table = table;
        Kind = kind;
        _columns = columns;
    }

    /// <summary>A table that is not there.</summary>
    public static TableShape None { get; } = new("", "", []);

    public string Table { get; }

    /// <summary>"table", "view", "virtual" or "shadow"; empty when there is nothing of that name.</summary>
    public string Kind { get; }

    public bool Exists => Kind.Length > 0;

    /// <summary>Rows are stored in the file itself; nothing of the file's making runs to produce them.</summary>
    public bool IsPlainTable => Kind == "table";

    public static SqliteCode Read(SqliteConnection connection, string table, out TableShape shape)
    {
        string kind = "";
        HashSet<string> columns = new(StringComparer.OrdinalIgnoreCase);
        SqliteCode code = connection.Prepare($"PRAGMA main.table_list(\"{table}\")", out SqliteStatement list);
        using (list)
        {
            while (code == SqliteCode.Ok && (code = list.Step()) == SqliteCode.Row) { (kind, code) = (list.Text(2), SqliteCode.Ok); }
        }

        if (code == SqliteCode.Done && kind == "table") { code = ReadColumns(connection, table, columns); }
        shape = new TableShape(table, kind, columns);
        return code == SqliteCode.Done ? SqliteCode.Ok : code;
    }

    public bool Has(string column) => _columns.Contains(column);

    /// <summary>The first of <paramref name="columns"/> the table lacks, or null.</summary>
    public string? FirstMissing(ReadOnlySpan<string> columns)
    {
        foreach (string column in columns)
        {
            if (!Has(column)) { return column; }
        }

        return null;
    }

    /// <summary>The column for a SELECT, or the constant to use in its place when the table lacks it.</summary>
    public string Select(string column, string otherwise = "NULL") => Has(column) ? $"\"{column}\"" : otherwise;

    /// <summary>All of them, separated by commas, each NULL that the table lacks.</summary>
    public string SelectAll(string[] columns) => string.Join(", ", Array.ConvertAll(columns, column => Select(column)));

    private static SqliteCode ReadColumns(SqliteConnection connection, string table, HashSet<string> columns)
    {
        SqliteCode code = connection.Prepare($"PRAGMA main.table_xinfo(\"{table}\")", out SqliteStatement statement);
        using (statement)
        {
            if (code != SqliteCode.Ok) { return code; }
            while ((code = statement.Step()) == SqliteCode.Row) { columns.Add(statement.Text(1)); }
            return code;
        }
    }
}
