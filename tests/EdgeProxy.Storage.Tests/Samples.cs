namespace EdgeProxy.Storage.Tests;

/// <summary>Files as others make them.</summary>
internal static class Samples
{
    public const string OriginalSchema = """
        CREATE TABLE backends (id TEXT PRIMARY KEY, app TEXT, region TEXT, wg_ip TEXT, port INTEGER, healthy INTEGER,
            weight INTEGER, soft_limit INTEGER, hard_limit INTEGER, deleted INTEGER DEFAULT 0)
        """;

    public const string OriginalRows = """
        INSERT INTO backends (id, app, region, wg_ip, port, healthy, weight, soft_limit, hard_limit) VALUES
            ('sa-1', 'myapp', 'sa', '10.50.1.1', 8080, 1, 1, 100, 200),
            ('us-1', 'myapp', 'us', '10.50.2.1', 8080, 1, 1, 100, 200),
            ('eu-1', 'myapp', 'eu', '10.50.3.1', 8080, 1, 1, 100, 200)
        """;

    /// <summary>Inserts backends n1, n2 … at 10.x.y.z:1024 and up.</summary>
    public static string ManyRows(int count) => $"""
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
        INSERT INTO backends (id, app, region, wg_ip, port, healthy, weight, soft_limit, hard_limit)
        SELECT 'backend-' || i, 'myapp', CASE i % 3 WHEN 0 THEN 'sa' WHEN 1 THEN 'us' ELSE 'eu' END,
            printf('10.%d.%d.%d', i / 65536 % 256, i / 256 % 256, i % 256), 1024 + i % 60000, 1, 1 + i % 5, 100, 200 FROM n
        """;
}
