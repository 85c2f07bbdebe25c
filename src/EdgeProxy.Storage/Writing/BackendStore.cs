namespace EdgeProxy.Storage;

/// <summary>
/// Reads and changes single backends of a routing.db, each call in its own connection and transaction; a running proxy
/// sees the change by itself. Works on a file with only the original's columns: whatever else its rows hold stays.
/// </summary>
public sealed class BackendStore(string path)
{
    /// <summary>Every backend that is not deleted, in the order of their ids.</summary>
    public StoreResult<IReadOnlyList<StoredBackend>> List()
    {
        SqliteCode code = SqliteConnection.OpenReader(path, StorageLimits.WriterBusyTimeoutMs, out SqliteConnection db);
        using (db)
        {
            BackendTable table = new(new StoreSession(path, db));
            IReadOnlyList<StoredBackend>? backends = table.Open(code) ? table.List() : null;
            return new StoreResult<IReadOnlyList<StoredBackend>>(backends, backends is null ? table.Problem : null);
        }
    }

    /// <summary>Adds a backend; one that was removed before comes back with these values.</summary>
    public StoreResult<StoredBackend> Add(string id, BackendValues values) => Change(table => table.Add(id, values));

    /// <summary>Changes the values that are given.</summary>
    public StoreResult<StoredBackend> Set(string id, BackendValues values) => Change(table => table.Set(id, values));

    /// <summary>Takes new clients away (weight 0) and remembers the weight; clients it has stay.</summary>
    public StoreResult<StoredBackend> Drain(string id) => Change(table => table.Drain(id));

    /// <summary>Gives a drained backend its weight back, or 1 when nobody knows it.</summary>
    public StoreResult<StoredBackend> Ready(string id) => Change(table => table.Ready(id));

    /// <summary>
    /// Marks a backend deleted, or deletes its row where the file has no such mark; returns what it was.
    /// </summary>
    public StoreResult<StoredBackend> Remove(string id) => Change(table => table.Remove(id));

    private StoreResult<StoredBackend> Change(Func<BackendTable, StoredBackend?> operation)
    {
        SqliteCode code = SqliteConnection.OpenWriter(
            path, create: false, StorageLimits.WriterBusyTimeoutMs, out SqliteConnection db);
        using (db)
        {
            if (code == SqliteCode.Ok) { code = db.Execute("BEGIN IMMEDIATE"); }
            BackendTable table = new(new StoreSession(path, db));
            StoredBackend? backend = table.Open(code) ? operation(table) : null;
            return backend is not null && table.Commit()
                ? new StoreResult<StoredBackend>(backend, null)
                : new StoreResult<StoredBackend>(null, table.Problem); // Closing rolls back.
        }
    }
}
