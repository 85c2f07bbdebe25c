using EdgeProxy.Routing;

namespace EdgeProxy.Storage;

/// <summary>Reads one snapshot of a routing.db into a builder, in the order the builder wants.</summary>
internal sealed class RoutingDbReader(string path, SqliteConnection connection, RoutingTableBuilder builder)
{
    private StorageProblem? _problem;
    private long _rows;

    public static LoadResult Read(string path, RoutingTableBuilder builder)
    {
        SqliteCode code = SqliteConnection.OpenReader(path, StorageLimits.ReaderBusyTimeoutMs, out SqliteConnection connection);
        using (connection)
        {
            RoutingDbReader reader = new(path, connection, builder);
            connection.Limit(StorageLimits.InstructionsMax, StorageLimits.LoadTimeoutMs);
            _ = reader.Succeeded(code) && reader.Succeeded(connection.Execute("BEGIN")) && reader.ReadTables();
            return new LoadResult(reader._problem, reader._rows); // Closing ends the transaction.
        }
    }

    private bool ReadTables() =>
        ReadSmallTable(RegionRows.Regions) && ReadSmallTable(RegionRows.Countries) && ReadSmallTable(RegionRows.Overrides)
        && ReadSmallTable(AppRows.Apps) && ReadSmallTable(PeerRows.Peers)
        && ReadBackends();

    /// <summary>A table that may be missing, with few rows.</summary>
    private bool ReadSmallTable(SmallTable table)
    {
        if (!Succeeded(TableShape.Read(connection, table.Name, out TableShape shape))) { return false; }
        if (!shape.Exists) { return true; }
        if (!Accepts(StructureProblem.Find(path, shape, table.Needed))) { return false; }
        string columns = shape.SelectAll(table.Columns);
        SqliteCode code = connection.Prepare($"SELECT {columns} FROM main.{table.Name}", out SqliteStatement statement);
        using (statement)
        {
            if (!Succeeded(code)) { return false; }
            RowFields fields = new(table, statement);
            int rows = 0;
            while ((code = statement.Step()) == SqliteCode.Row)
            {
                if (++rows > table.RowsMax) { return Accepts(TooManyRows(table.Name, table.RowsMax)); }
                fields.Start();
                table.Take(fields, builder);
            }

            _rows += rows;
            return Succeeded(code);
        }
    }

    private bool ReadBackends()
    {
        if (!Succeeded(TableShape.Read(connection, BackendColumns.Table, out TableShape shape))
            || !Accepts(StructureProblem.Find(path, shape, BackendColumns.Required)))
        {
            return false;
        }

        SqliteCode code = connection.Prepare(BackendColumns.Select(shape), out SqliteStatement statement);
        using (statement)
        {
            if (!Succeeded(code)) { return false; }
            int rows = 0;
            while ((code = statement.Step()) == SqliteCode.Row)
            {
                if (++rows > StorageLimits.BackendsMax)
                {
                    return Accepts(TooManyRows(BackendColumns.Table, StorageLimits.BackendsMax));
                }

                BackendRows.Take(statement, rows, builder);
            }

            _rows += rows;
            return Succeeded(code);
        }
    }

    private bool Succeeded(SqliteCode code)
    {
        if (code is SqliteCode.Ok or SqliteCode.Done) { return true; }
        _problem ??= SqliteProblem.From(path, code, connection);
        return false;
    }

    private bool Accepts(StorageProblem? problem)
    {
        _problem ??= problem;
        return problem is null;
    }

    private StorageProblem TooManyRows(string table, int rowsMax) => new(
        StorageProblemKind.TooBig,
        path,
        $"has more than {rowsMax:N0} rows in its table {table}",
        "Look for what filled it, and delete rows that are marked deleted.");
}
