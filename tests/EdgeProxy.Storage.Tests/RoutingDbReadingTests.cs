using System.Globalization;
using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy.Storage.Tests;

public sealed class RoutingDbReadingTests : IDisposable
{
    private const string Columns = "id, app, region, wg_ip, port, healthy, weight, soft_limit, hard_limit";

    private readonly TemporaryDirectory _directory = new();
    private readonly Follower _follower;

    public RoutingDbReadingTests() => _follower = new Follower(File);

    private string File => _directory.File("routing.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_WhenFileIsTheOriginals_TakesItsRowsWithoutCountryColumn()
    {
        SqliteCli.Run(File, Samples.OriginalSchema);
        SqliteCli.Run(File, Samples.OriginalRows);
        Assert.Null(_follower.Load().Problem);
        Assert.Empty(_follower.RowProblems);
        Assert.Equal("eu-1 10.50.3.1:8080 DE 1; sa-1 10.50.1.1:8080 BR 1; us-1 10.50.2.1:8080 US 1", _follower.Backends);
        Assert.Equal("default", Assert.Single(_follower.Table!.Apps).Name);
    }

    [Fact]
    public void Load_WhenRowsAreMarkedDeleted_LeavesThemOut()
    {
        SqliteCli.Run(File, Samples.OriginalSchema + ";" + Samples.OriginalRows);
        SqliteCli.Run(File, "UPDATE backends SET deleted = 1 WHERE id = 'eu-1'; UPDATE backends SET deleted = NULL WHERE id = 'sa-1'");
        _follower.Load();
        Assert.Equal("sa-1 10.50.1.1:8080 BR 1; us-1 10.50.2.1:8080 US 1", _follower.Backends);
    }

    [Fact]
    public void Load_WhenDeletedRowIsOtherwiseBad_HasNoProblem()
    {
        SqliteCli.Run(File, Samples.OriginalSchema + ";" + Samples.OriginalRows);
        SqliteCli.Run(File, "UPDATE backends SET deleted = 1, port = 'x' WHERE id = 'eu-1'");
        _follower.Load();
        Assert.Empty(_follower.RowProblems);
    }

    [Fact]
    public void Load_WhenFileHasMoreThanItNeeds_IgnoresTheRest()
    {
        SqliteCli.Run(File, """
            CREATE TABLE __replication_log (a);
            CREATE VIEW v AS SELECT * FROM nowhere;
            CREATE TABLE BACKENDS (extra BLOB, ID TEXT, App TEXT, region, country, deleted, wg_ip, port, healthy, weight, soft_limit,
                HARD_LIMIT, always INTEGER GENERATED ALWAYS AS (port + 1));
            CREATE TRIGGER t AFTER UPDATE ON BACKENDS BEGIN DELETE FROM BACKENDS; END;
            INSERT INTO BACKENDS VALUES (x'00ff', 'a', 'x', 'eu', 'fr', 0, '2001:db8::1', 80, 1, 3, 0, 0)
            """);
        _follower.Load();
        Assert.Null(_follower.Problem);
        Assert.Equal("a [2001:db8::1]:80 FR 3", _follower.Backends);
    }

    [Theory]
    [InlineData("port", "'eighty'", "is a text where a whole number belongs")]
    [InlineData("port", "80.5", "is a fraction where a whole number belongs")]
    [InlineData("weight", "NULL", "is NULL where a whole number belongs")]
    [InlineData("healthy", "x'01'", "is a blob where a whole number belongs")]
    [InlineData("deleted", "'no'", "is a text where a whole number belongs")]
    [InlineData("wg_ip", "x'7f000001'", "is a blob where a text belongs")]
    [InlineData("port", "99999999999", "is not between 1 and 65535")]
    [InlineData("wg_ip", "'10.0.0.256'", "is not an IPv4 or IPv6 address")]
    [InlineData("wg_ip", "NULL", "is not an IPv4 or IPv6 address")]
    public void Load_WhenOneRowTurnsBad_KeepsItsLastVersionAndTakesTheOthers(string column, string value, string problem)
    {
        SqliteCli.Run(File, Samples.OriginalSchema + ";" + Samples.OriginalRows);
        _follower.Load();
        SqliteCli.Run(File, $"UPDATE backends SET weight = 9; UPDATE backends SET {column} = {value} WHERE id = 'us-1'");
        Assert.Null(_follower.Load().Problem);
        Assert.Equal("eu-1 10.50.3.1:8080 DE 9; sa-1 10.50.1.1:8080 BR 9; us-1 10.50.2.1:8080 US 1", _follower.Backends);
        RowProblem found = Assert.Single(_follower.RowProblems);
        Assert.Equal(("backends", "us-1", column), (found.Table, found.Row, found.Column));
        Assert.Equal(problem, found.Problem);
        Assert.NotEmpty(found.Cure);
    }

    [Fact]
    public void Load_WhenARowHasNoId_NamesItByItsPlace()
    {
        SqliteCli.Run(File, Samples.OriginalSchema + ";" + Samples.OriginalRows);
        SqliteCli.Run(File, $"INSERT INTO backends ({Columns}) VALUES (x'41', 'x', 'sa', '10.0.0.1', 1, 1, 1, 1, 1)");
        _follower.Load();
        RowProblem found = Assert.Single(_follower.RowProblems);
        Assert.Equal(("row 4", "id", "is a blob where a text belongs"), (found.Row, found.Column, found.Problem));
    }

    [Fact]
    public void Load_WhenAnIdIsNotUtf8_IsTheBuildersProblem()
    {
        SqliteCli.Run(File, Samples.OriginalSchema + ";" + Samples.OriginalRows);
        SqliteCli.Run(File, $"INSERT INTO backends ({Columns}) VALUES (CAST(x'41ff' AS TEXT), 'x', 'sa', '10.0.0.1', 1, 1, 1, 1, 1)");
        _follower.Load();
        Assert.Equal("is not UTF-8", Assert.Single(_follower.RowProblems).Problem);
    }

    [Fact]
    public void Load_WhenTextIsStoredAsUtf16_ReadsTheSame()
    {
        SqliteCli.Run(File, "PRAGMA encoding = 'UTF-16'; " + Samples.OriginalSchema + ";" + Samples.OriginalRows);
        SqliteCli.Run(File, "UPDATE backends SET id = 'são' WHERE id = 'sa-1'");
        _follower.Load();
        Assert.Contains("são 10.50.1.1:8080 BR 1", _follower.Backends, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenAppsAreListed_ReadsEveryColumnOfThem()
    {
        RoutingDbSchema.Init(File);
        SqliteCli.Run(File, """
            INSERT INTO apps VALUES ('redis', '127.0.0.1:6379, [::1]:6379', 0.25, 2, 1.5, 60, 0, 3600, 'required',
                '10.0.0.0/8, 2001:db8::/32', 0.5, 'v2', 'checksum,country', 'require', 24, 56, 30, 0, 1);
            INSERT INTO apps (name, listen) VALUES ('plain', '0.0.0.0:80');
            INSERT INTO backends (id, app, region, wg_ip, port) VALUES ('r', 'redis', 'eu', '10.0.0.1', 6379)
            """);
        _follower.Load();
        Assert.Empty(_follower.RowProblems);
        App redis = _follower.Table!.AppByName("redis")!;
        Assert.Equal("127.0.0.1:6379 [::1]:6379", string.Join(' ', redis.Listeners));
        AppPolicy policy = redis.Policy;
        Assert.Equal((250, 2, 1_500), (policy.ConnectTimeoutMs, policy.ConnectAttempts, policy.ConnectDeadlineMs));
        Assert.Equal((60_000, 0, 3_600_000), (policy.IdleTimeoutMs, policy.HalfClosedTimeoutMs, policy.LifetimeMs));
        Assert.Equal((ProxyProtocolIn.Required, 2, 500), (policy.ProxyProtocolIn, policy.ProxyProtocolTrusted.Count, policy.ProxyHeaderTimeoutMs));
        Assert.Equal((ProxyProtocolOut.V2, ProxyTlvs.Checksum | ProxyTlvs.Country), (policy.ProxyProtocolOut, policy.ProxyTlvs));
        Assert.Equal((AffinityMode.Require, 24, 56, 30), (policy.Affinity, policy.AffinityBitsV4, policy.AffinityBitsV6, policy.BindingTtlSeconds));
        Assert.Equal((false, true), (policy.ResetUnserved, policy.FastOpenBackends));
        Assert.Equal(new AppPolicy(), _follower.Table.AppByName("plain")!.Policy);
    }

    [Fact]
    public void Load_WhenAnAppTurnsBad_KeepsItsListenersAndNamesTheColumn()
    {
        SqliteCli.Run(File, Samples.OriginalSchema + ";" + Samples.OriginalRows);
        SqliteCli.Run(File, "CREATE TABLE apps (name, listen, idle_timeout_secs); INSERT INTO apps VALUES ('myapp', '127.0.0.1:80', 5)");
        _follower.Load();
        SqliteCli.Run(File, "UPDATE apps SET listen = '127.0.0.1:81', idle_timeout_secs = 'long'");
        _follower.Load();
        Assert.Equal(5_000, _follower.Table!.AppByName("myapp")!.Policy.IdleTimeoutMs);
        Assert.Equal("idle_timeout_secs", Assert.Single(_follower.RowProblems).Column);
    }

    [Fact]
    public void Load_WhenRegionsCountriesAndOverridesAreGiven_FollowsThem()
    {
        RoutingDbSchema.Init(File);
        SqliteCli.Run(File, """
            INSERT INTO regions VALUES ('af', 'ZA');
            UPDATE countries SET region = 'af' WHERE country = 'ZA';
            INSERT INTO overrides VALUES ('203.0.113.0/24', 'PT', NULL);
            INSERT INTO backends (id, region, wg_ip, port) VALUES ('z', 'af', '10.0.0.1', 80)
            """);
        _follower.Load();
        Assert.Empty(_follower.RowProblems);
        Assert.Equal("z 10.0.0.1:80 ZA 2", _follower.Backends);
        RegionMap regions = _follower.Table!.Regions;
        Assert.True(Country.TryParse("ZA".AsSpan(), out Country southAfrica));
        Assert.Equal("af", regions.Name(regions.RegionOf(southAfrica)));
    }

    [Theory]
    [InlineData("", StorageProblemKind.Structure, "has no table backends")]
    [InlineData("CREATE VIEW backends AS SELECT 1 AS id", StorageProblemKind.Structure, "has a view named backends")]
    [InlineData("CREATE VIRTUAL TABLE backends USING fts5(id)", StorageProblemKind.Structure, "has a virtual table named backends")]
    [InlineData("CREATE TABLE backends (id, app, region, wg_ip, port, healthy, weight, soft_limit)", StorageProblemKind.Structure, "without the column hard_limit")]
    [InlineData(Samples.OriginalSchema + "; CREATE TABLE apps (title)", StorageProblemKind.Structure, "table apps without the column name")]
    [InlineData(Samples.OriginalSchema + "; CREATE VIEW regions AS SELECT 'x' AS name, 'BR' AS country", StorageProblemKind.Structure, "has a view named regions")]
    [InlineData(Samples.OriginalSchema + "; INSERT INTO backends (id) VALUES (printf('%1000001d', 1))", StorageProblemKind.TooBig, "more than 1,000,000 bytes")]
    public void Load_WhenTheStructureIsWrong_ChangesNothingAndSaysWhat(string sql, StorageProblemKind kind, string what)
    {
        SqliteCli.Run(File, Samples.OriginalSchema + ";" + Samples.OriginalRows);
        _follower.Load();
        string other = _directory.File("other.db");
        SqliteCli.Run(other, "CREATE TABLE unrelated (a);" + sql);
        System.IO.File.Move(other, File, overwrite: true);
        StorageProblem problem = _follower.Load().Problem!;
        Assert.Equal(kind, problem.Kind);
        Assert.Contains(what, problem.What, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Cure);
        Assert.Equal(3, _follower.Table!.BackendCount);
    }

    [Fact]
    public void Load_WhenFileIsNoDatabase_SaysSo()
    {
        System.IO.File.WriteAllText(File, string.Concat(Enumerable.Repeat("listen: 0.0.0.0:8080\n", 500)));
        Assert.Equal(StorageProblemKind.NotADatabase, _follower.Load().Problem!.Kind);
    }

    [Fact]
    public void Load_WhenPathIsADirectory_SaysSo()
    {
        Directory.CreateDirectory(File);
        Assert.Contains("is a directory", _follower.Load().Problem!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenPagesAreGarbage_SaysThatItIsDamaged()
    {
        SqliteCli.Run(File, Samples.OriginalSchema + ";" + Samples.ManyRows(5_000));
        using (FileStream file = System.IO.File.OpenWrite(File))
        {
            file.Position = 4_096;
            file.Write(Encoding.ASCII.GetBytes(new string('#', 200_000)));
        }

        Assert.Equal(StorageProblemKind.Corrupt, _follower.Load().Problem!.Kind);
    }

    [Fact]
    public void Load_WhenAViewNestsWithoutEnd_DoesNotExpandIt()
    {
        StringBuilder sql = new(Samples.OriginalSchema + ";" + Samples.OriginalRows + "; CREATE VIEW v0 AS SELECT 1 AS a");
        for (int i = 1; i < 60; i++)
        {
            sql.Append(CultureInfo.InvariantCulture, $"; CREATE VIEW v{i} AS SELECT x.a FROM v{i - 1} AS x, v{i - 1} AS y");
        }

        SqliteCli.Run(File, sql.ToString());
        Assert.Null(_follower.Load().Problem);
        Assert.Equal(3, _follower.Table!.BackendCount);
    }
}
