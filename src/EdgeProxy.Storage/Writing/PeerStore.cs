namespace EdgeProxy.Storage;

/// <summary>
/// Reads and changes the peers of a routing.db, each call in its own connection and transaction; a running proxy sees
/// the change by itself.
/// </summary>
public sealed class PeerStore(string path)
{
    private const string Columns =
        "name, region, public_key, endpoint, allowed_ips, preshared_key_file, keepalive, enabled";

    /// <summary>Every row in the order of the names, also those that are not enabled.</summary>
    public StoreResult<IReadOnlyList<StoredPeer>> List()
    {
        SqliteCode code = SqliteConnection.OpenReader(path, StorageLimits.WriterBusyTimeoutMs, out SqliteConnection db);
        using (db)
        {
            StoreSession session = new(path, db);
            List<StoredPeer> peers = [];
            bool done = Open(session, code, out TableShape shape) && session.Query(
                $"SELECT {shape.SelectAll(Columns.Split(", "))} FROM main.{PeerRows.Table} ORDER BY name LIMIT {StorageLimits.PeersMax}",
                row => peers.Add(Read(row)));
            return new StoreResult<IReadOnlyList<StoredPeer>>(done ? peers : null, done ? null : session.Problem);
        }
    }

    /// <summary>
    /// Writes peers, all or none: a row of the same name or the same key is replaced, others stay. Makes the table in a
    /// file that has none.
    /// </summary>
    /// <returns>The peers that were written.</returns>
    public StoreResult<IReadOnlyList<StoredPeer>> Put(IReadOnlyList<StoredPeer> peers)
    {
        SqliteCode code = SqliteConnection.OpenWriter(
            path, create: false, StorageLimits.WriterBusyTimeoutMs, out SqliteConnection db);
        using (db)
        {
            if (code == SqliteCode.Ok) { code = db.Execute("BEGIN IMMEDIATE"); }
            StoreSession session = new(path, db);
            bool done = session.Succeeded(code) && MakeTable(session)
                && Open(session, SqliteCode.Ok, out TableShape shape)
                && session.Accepts(StructureProblem.Find(path, shape, Columns.Split(", ")))
                && WriteAll(session, peers) && session.Succeeded(db.Execute("COMMIT"));
            return new StoreResult<IReadOnlyList<StoredPeer>>(done ? peers : null, done ? null : session.Problem);
        }
    }

    private static bool Open(StoreSession session, SqliteCode opened, out TableShape shape)
    {
        shape = TableShape.None;
        return session.Succeeded(opened) && session.ReadShape(PeerRows.Table, out shape)
            && session.Accepts(StructureProblem.Find(session.Path, shape, PeerRows.Needed));
    }

    private static bool MakeTable(StoreSession session) =>
        session.ReadShape(PeerRows.Table, out TableShape shape) && (shape.Exists || session.Run(SchemaSql.Peers));

    private static bool WriteAll(StoreSession session, IReadOnlyList<StoredPeer> peers)
    {
        foreach (StoredPeer peer in peers)
        {
            if (!Write(session, peer)) { return false; }
        }

        return true;
    }

    private static bool Write(StoreSession session, StoredPeer peer) =>
        session.Run($"DELETE FROM main.{PeerRows.Table} WHERE name = ?1 OR public_key = ?2", peer.Name, peer.PublicKey)
        && session.Run(
            $"INSERT INTO main.{PeerRows.Table} ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            peer.Name, peer.Region, peer.PublicKey, peer.Endpoint, peer.AllowedIps, peer.PresharedKeyFile,
                peer.Keepalive,
            peer.Enabled ? 1L : 0L);

    private static StoredPeer Read(SqliteStatement row) => new()
    {
        Name = row.Text(0),
        Region = TextOrNull(row, 1),
        PublicKey = row.Text(2),
        Endpoint = TextOrNull(row, 3),
        AllowedIps = TextOrNull(row, 4),
        PresharedKeyFile = TextOrNull(row, 5),
        Keepalive = row.IntegerOrNull(6),
        Enabled = row.IntegerOrNull(7) != 0,
    };

    private static string? TextOrNull(SqliteStatement row, int column) =>
        row.Type(column) == SqliteType.Null ? null : row.Text(column);
}
