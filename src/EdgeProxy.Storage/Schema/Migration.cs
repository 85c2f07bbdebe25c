namespace EdgeProxy.Storage;

/// <summary>
/// The step from one schema version to the next: tables that are missing are made, others are left alone.
/// </summary>
internal sealed class Migration(int version, TableDefinition[] tables)
{
    public int Version { get; } = version;

    public TableDefinition[] Tables { get; } = tables;

    /// <summary>Runs inside the caller's transaction; a problem means nothing may be committed.</summary>
    public SqliteCode Apply(SqliteConnection db, string path, List<string> added, out StorageProblem? problem)
    {
        problem = null;
        foreach (TableDefinition table in Tables)
        {
            SqliteCode code = TableShape.Read(db, table.Name, out TableShape shape);
            if (code != SqliteCode.Ok) { return code; }
            if (shape.Exists)
            {
                problem = StructureProblem.Find(path, shape, table.Needed);
                if (problem is not null) { return SqliteCode.Ok; }
                continue;
            }

            code = db.Execute(table.Sql);
            if (code == SqliteCode.Ok && table.Seed is not null) { code = table.Seed(db); }
            if (code != SqliteCode.Ok) { return code; }
            added.Add(table.Name);
        }

        return SqliteCode.Ok;
    }
}
