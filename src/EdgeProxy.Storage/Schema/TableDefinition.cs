namespace EdgeProxy.Storage;

/// <summary>One table of a migration.</summary>
/// <param name="Sql">Its CREATE TABLE.</param>
/// <param name="Needed">Columns a table of this name must have when the file brings its own.</param>
/// <param name="Seed">Fills it, when it was made here.</param>
internal sealed record TableDefinition(
    string Name, string Sql, string[] Needed, Func<SqliteConnection, SqliteCode>? Seed = null);
