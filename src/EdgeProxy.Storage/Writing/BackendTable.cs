namespace EdgeProxy.Storage;

/// <summary>
/// The table <c>backends</c> of one open file, inside one transaction. An operation that failed returns null or false,
/// and then <see cref="Problem"/> says why.
/// </summary>
internal sealed class BackendTable(StoreSession session)
{
    private const string Drained = "drained_backends";

    // The weight of a backend that is to take clients again and whose former weight nobody knows.
    private const long ReadyWeight = 1;

    private TableShape _shape = TableShape.None;
    private bool _hasDrained;

    public StorageProblem Problem => session.Problem;

    // An original row counts while its mark is NULL or 0; a file without the mark has only rows that count.
    private string NotDeleted => _shape.Has("deleted") ? "(deleted IS NULL OR deleted = 0)" : "1";

    /// <summary>Looks at the schema; <paramref name="opened"/> is how opening the file ended.</summary>
    public bool Open(SqliteCode opened)
    {
        if (!session.Succeeded(opened)
            || !session.ReadShape(BackendColumns.Table, out _shape)
            || !session.Accepts(StructureProblem.Find(session.Path, _shape, BackendColumns.Required))
            || !session.ReadShape(Drained, out TableShape drained))
        {
            return false;
        }

        _hasDrained = drained.IsPlainTable;
        return true;
    }

    public bool Commit() => session.Succeeded(session.Connection.Execute("COMMIT"));

    public IReadOnlyList<StoredBackend>? List() =>
        Select($"WHERE {NotDeleted} ORDER BY b.id LIMIT {StorageLimits.BackendsMax}", []);

    public StoredBackend? Add(string id, BackendValues values)
    {
        values = BackendRules.WithDefaults(values);
        if (!BackendRules.CheckNew(session, id, values) || !Count(id, NotDeleted, out long present)) { return null; }
        if (present > 0)
        {
            session.Refuse($"has a backend '{id}' already", $"Change it with: edgeproxy backends set {id}");
            return null;
        }

        if (!Count(id, "1", out long removed) || !BackendAssignments.From(session, _shape, values, out var assignments))
        {
            return null;
        }

        if (_shape.Has("deleted")) { assignments.Add("deleted", 0L); }
        return (removed > 0 ? Update(id, assignments) : Insert(id, assignments)) && ForgetWeight(id) ? Find(id) : null;
    }

    public StoredBackend? Set(string id, BackendValues values)
    {
        if (Find(id) is null || !BackendRules.Check(session, values)
            || !BackendAssignments.From(session, _shape, values, out var assignments)
            || !Update(id, assignments)
            || (values.Weight is not null && !ForgetWeight(id)))
        {
            return null;
        }

        return Find(id);
    }

    public StoredBackend? Drain(string id)
    {
        StoredBackend? backend = Find(id);
        if (backend is null) { return null; }
        if (backend.Weight == 0) { return backend; }
        if (!_hasDrained && !session.Run(SchemaSql.DrainedBackends)) { return null; }
        _hasDrained = true;
        return session.Run($"INSERT OR REPLACE INTO main.{Drained} (id, weight) VALUES (?1, ?2)", id, backend.Weight ?? ReadyWeight)
            && SetWeight(id, 0) ? Find(id) : null;
    }

    public StoredBackend? Ready(string id)
    {
        StoredBackend? backend = Find(id);
        if (backend is null) { return null; }
        if (backend.Weight is > 0) { return backend; }
        return SetWeight(id, backend.WeightBeforeDrain ?? ReadyWeight) && ForgetWeight(id) ? Find(id) : null;
    }

    public StoredBackend? Remove(string id)
    {
        StoredBackend? backend = Find(id);
        if (backend is null) { return null; }
        string sql = _shape.Has("deleted")
            ? "UPDATE main.backends SET deleted = 1 WHERE id = ?1"
            : "DELETE FROM main.backends WHERE id = ?1";
        return session.Run(sql, id) && ForgetWeight(id) ? backend : null;
    }

    private StoredBackend? Find(string id)
    {
        List<StoredBackend>? found = Select($"WHERE b.id = ?1 AND {NotDeleted} LIMIT 2", [id]);
        switch (found?.Count)
        {
            case 1:
                return found[0];
            case 0:
                session.Refuse($"has no backend '{id}'", "List them with: edgeproxy backends list");
                return null;
            case > 1:
                session.Refuse($"has more than one backend '{id}'", "Its id column is not unique: repair it with sqlite3.");
                return null;
            default:
                return null;
        }
    }

    private bool Count(string id, string condition, out long count)
    {
        long counted = 0;
        bool ok = session.Query(
            $"SELECT count(*) FROM main.backends WHERE id = ?1 AND {condition}", row => counted = row.Integer(0), id);
        count = counted;
        return ok;
    }

    private List<StoredBackend>? Select(string rest, ReadOnlySpan<object?> values)
    {
        string drained = _hasDrained ? $"(SELECT d.weight FROM main.{Drained} AS d WHERE d.id = b.id)" : "NULL";
        string sql = $"""
            SELECT id, app, region, {_shape.Select("country")}, wg_ip, port, healthy, weight, soft_limit, hard_limit, {drained}
            FROM main.backends AS b {rest}
            """;
        List<StoredBackend> backends = [];
        return session.Query(sql, row => backends.Add(Read(row)), values) ? backends : null;
    }

    private static StoredBackend Read(SqliteStatement row) => new()
    {
        Id = row.Text(0),
        App = row.Text(1),
        Region = row.Text(2),
        Country = row.Text(3),
        Address = row.Text(4),
        Port = row.IntegerOrNull(5),
        Healthy = row.IntegerOrNull(6) is long healthy ? healthy != 0 : null,
        Weight = row.IntegerOrNull(7),
        SoftLimit = row.IntegerOrNull(8),
        HardLimit = row.IntegerOrNull(9),
        WeightBeforeDrain = row.IntegerOrNull(10),
    };

    private bool Insert(string id, BackendAssignments assignments) =>
        session.Run($"INSERT INTO main.backends ({assignments.Columns}, id) VALUES ({assignments.Marks}, ?)",
            [.. assignments.Values, id]);

    private bool Update(string id, BackendAssignments assignments) => assignments.Values.Count == 0
        || session.Run($"UPDATE main.backends SET {assignments.Sets} WHERE id = ?", [.. assignments.Values, id]);

    private bool SetWeight(string id, long weight) =>
        session.Run("UPDATE main.backends SET weight = ?1 WHERE id = ?2", weight, id);

    private bool ForgetWeight(string id) =>
        !_hasDrained || session.Run($"DELETE FROM main.{Drained} WHERE id = ?1", id);
}
