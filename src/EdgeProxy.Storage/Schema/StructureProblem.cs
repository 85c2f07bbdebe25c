namespace EdgeProxy.Storage;

/// <summary>Says what a table of the file lacks.</summary>
internal static class StructureProblem
{
    /// <summary>Null when <paramref name="shape"/> is a plain table with all <paramref name="columns"/>.</summary>
    public static StorageProblem? Find(string file, TableShape shape, ReadOnlySpan<string> columns)
    {
        if (!shape.Exists)
        {
            return new StorageProblem(
                StorageProblemKind.Structure,
                file,
                $"has no table {shape.Table}",
                $"Check that this is the right file, or add what is missing with: edgeproxy db init {file}");
        }

        if (!shape.IsPlainTable)
        {
            return new StorageProblem(
                StorageProblemKind.Structure,
                file,
                $"has a {(shape.Kind == "view" ? "view" : "virtual table")} named {shape.Table} where a plain table is expected",
                "Store the rows in a table: a routing table never runs what the file brings along.");
        }

        string? missing = shape.FirstMissing(columns);
        return missing is null ? null : new StorageProblem(
            StorageProblemKind.Structure,
            file,
            $"has a table {shape.Table} without the column {missing}",
            $"Add it: sqlite3 {file} 'ALTER TABLE {shape.Table} ADD COLUMN {missing}'");
    }
}
