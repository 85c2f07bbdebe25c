namespace EdgeProxy.Storage;

/// <summary>One table of a migration.</summary>
internal sealed class TableDefinition(
    string name, string sql, string[] needed, Func<SqliteConnection, SqliteCode>? seed = null)
{
    public string Name { get; } = name;

    /// <summary>Its CREATE TABLE.</summary>
    public string Sql { get; } = sql;

    /// <summary>Columns a table of this name must have when the file brings its own.</summary>
    public string[] Needed { get; } = needed;

    /// <summary>Fills it, when it was made here.</summary>
    public Func<SqliteConnection, SqliteCode>? Seed { get; } = seed;
}
