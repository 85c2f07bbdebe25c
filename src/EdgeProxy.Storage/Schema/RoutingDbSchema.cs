using EdgeProxy.Routing;

namespace EdgeProxy.Storage;

/// <summary>Makes a routing.db, and brings one up to date; what is <c>edgeproxy db init</c>.</summary>
public static class RoutingDbSchema
{
    private const string VersionTable = "edgeproxy_schema";

    /// <summary>
    /// By version: each brings a file from the version before to its own. Append only; never change one.
    /// </summary>
    private static readonly Migration[] s_migrations =
    [
        new Migration(1,
        [
            new TableDefinition("backends", SchemaSql.Backends, BackendColumns.Required),
            new TableDefinition("apps", SchemaSql.Apps, ["name", "listen"]),
            new TableDefinition("regions", SchemaSql.Regions, ["name", "country"], SeedRegions),
            new TableDefinition("countries", SchemaSql.Countries, ["country", "region"], SeedCountries),
            new TableDefinition("overrides", SchemaSql.Overrides, ["prefix", "country", "region"]),
            new TableDefinition("drained_backends", SchemaSql.DrainedBackends, ["id", "weight"]),
        ]),
        new Migration(2, [new TableDefinition(PeerRows.Table, SchemaSql.Peers, PeerRows.Needed)]),
    ];

    /// <summary>
    /// Makes the file when there is none and adds the tables that are missing, in one transaction. A table that is
    /// there stays exactly as it is, whoever made it; running this again changes nothing.
    /// </summary>
    public static InitResult Init(string path)
    {
        SqliteCode code = SqliteConnection.OpenWriter(path, create: true, StorageLimits.WriterBusyTimeoutMs, out SqliteConnection db);
        using (db)
        {
            if (code == SqliteCode.Ok) { code = db.Execute("BEGIN IMMEDIATE"); }
            List<string> added = [];
            StorageProblem? problem = null;
            if (code == SqliteCode.Ok) { code = Migrate(db, path, added, out problem); }
            if (code == SqliteCode.Ok && problem is null) { code = db.Execute("COMMIT"); }
            problem ??= code == SqliteCode.Ok ? null : SqliteProblem.From(path, code, db);
            return new InitResult(problem, problem is null ? added : []); // Closing rolls back what was not committed.
        }
    }

    private static SqliteCode Migrate(SqliteConnection db, string path, List<string> added, out StorageProblem? problem)
    {
        problem = null;
        SqliteCode code = ReadVersion(db, out long version);
        if (code != SqliteCode.Ok) { return code; }
        if (version > s_migrations.Length)
        {
            problem = new StorageProblem(
                StorageProblemKind.Refused,
                path,
                $"has schema version {version}, and this program knows up to {s_migrations.Length}",
                "Use the edgeproxy that made it, or a newer one.");
            return SqliteCode.Ok;
        }

        foreach (Migration migration in s_migrations.AsSpan((int)version))
        {
            code = migration.Apply(db, path, added, out problem);
            if (code != SqliteCode.Ok || problem is not null) { return code; }
            code = db.Execute($"INSERT INTO {VersionTable} (version) VALUES ({migration.Version})");
            if (code != SqliteCode.Ok) { return code; }
        }

        return SqliteCode.Ok;
    }

    /// <summary>The version of the file; 0 for one that was never migrated.</summary>
    private static SqliteCode ReadVersion(SqliteConnection db, out long version)
    {
        version = 0;
        SqliteCode code = db.Execute(SchemaSql.Versions);
        if (code != SqliteCode.Ok) { return code; }
        code = db.Prepare($"SELECT max(version) FROM {VersionTable}", out SqliteStatement statement);
        using (statement)
        {
            if (code != SqliteCode.Ok || (code = statement.Step()) != SqliteCode.Row) { return code; }
            version = Math.Max(0, statement.Integer(0));
            return SqliteCode.Ok;
        }
    }

    private static SqliteCode SeedRegions(SqliteConnection db)
    {
        SqliteCode code = db.Prepare("INSERT INTO regions (name, country) VALUES (?1, ?2)", out SqliteStatement insert);
        using (insert)
        {
            foreach (string region in DefaultRegions.Names)
            {
                if (code != SqliteCode.Ok) { break; }
                code = insert.Bind(1, region).Bind(2, DefaultRegions.DefaultCountryOf(region).ToString()).Run();
            }
        }

        return code;
    }

    private static SqliteCode SeedCountries(SqliteConnection db)
    {
        SqliteCode code = db.Prepare(
            "INSERT INTO countries (country, region) VALUES (?1, ?2)", out SqliteStatement insert);
        using (insert)
        {
            foreach (Country country in Country.GetAll())
            {
                if (code != SqliteCode.Ok) { break; }
                code = insert.Bind(1, country.ToString()).Bind(2, DefaultRegions.RegionOf(country)).Run();
            }
        }

        return code;
    }
}
