using EdgeProxy.Routing;

namespace EdgeProxy.Storage.Tests;

public sealed class RoutingDbSchemaTests : IDisposable
{
    private static readonly string[] s_tables =
        ["backends", "apps", "regions", "countries", "overrides", "drained_backends", "peers"];

    private readonly TemporaryDirectory _directory = new();

    private string File => _directory.File("routing.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Init_WhenThereIsNoFile_MakesOneThatLoadsWithoutProblems()
    {
        InitResult result = RoutingDbSchema.Init(File);
        Assert.Null(result.Problem);
        Assert.Equal(string.Join(' ', s_tables), string.Join(' ', result.TablesAdded));
        Follower follower = new(File);
        follower.Load();
        Assert.Null(follower.Problem);
        Assert.Empty(follower.RowProblems);
        Assert.Equal(DefaultRegions.Names.Count, follower.Table!.Regions.Count);
    }

    [Fact]
    public void Init_WhenDone_GivesEveryCountryItsDefaultRegion()
    {
        RoutingDbSchema.Init(File);
        string expected = string.Join('\n', Country.GetAll().Select(static c => $"{c}|{DefaultRegions.RegionOf(c)}"));
        Assert.Equal(expected, SqliteCli.Run(File, "SELECT country, region FROM countries ORDER BY country"));
    }

    [Fact]
    public void Init_WhenRunAgain_ChangesNotAByte()
    {
        RoutingDbSchema.Init(File);
        byte[] before = System.IO.File.ReadAllBytes(File);
        InitResult again = RoutingDbSchema.Init(File);
        Assert.Null(again.Problem);
        Assert.Empty(again.TablesAdded);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void Init_WhenFileIsTheOriginals_AddsWhatIsMissingAndLeavesTheRestAlone()
    {
        SqliteCli.Run(File, "PRAGMA user_version=7; PRAGMA application_id=99;" + Samples.OriginalSchema + ";" + Samples.OriginalRows
            + "; ALTER TABLE backends ADD COLUMN note TEXT DEFAULT 'mine'; CREATE TABLE other (a)");
        const string question = "SELECT sql FROM sqlite_schema WHERE name IN ('backends', 'other'); SELECT * FROM backends; "
            + "PRAGMA user_version; PRAGMA application_id";
        string before = SqliteCli.Run(File, question);
        InitResult result = RoutingDbSchema.Init(File);
        Assert.DoesNotContain("backends", result.TablesAdded, StringComparer.Ordinal);
        Assert.Contains("apps", result.TablesAdded, StringComparer.Ordinal);
        Assert.Equal(before, SqliteCli.Run(File, question));
    }

    [Fact]
    public void Init_WhenATableOfThatNameIsSomethingElse_AddsNothingAtAll()
    {
        SqliteCli.Run(File, "CREATE TABLE regions (a, b)");
        InitResult result = RoutingDbSchema.Init(File);
        Assert.Equal(StorageProblemKind.Structure, result.Problem!.Kind);
        Assert.Empty(result.TablesAdded);
        Assert.Equal("regions", SqliteCli.Run(File, "SELECT group_concat(name) FROM sqlite_schema"));
    }

    [Fact]
    public void Init_WhenFileIsFromANewerProgram_Refuses()
    {
        RoutingDbSchema.Init(File);
        SqliteCli.Run(File, "INSERT INTO edgeproxy_schema (version) VALUES (99)");
        Assert.Equal(StorageProblemKind.Refused, RoutingDbSchema.Init(File).Problem!.Kind);
    }

    [Fact]
    public void Init_WhenFileIsNoDatabase_LeavesItAlone()
    {
        string text = new('#', 5_000);
        System.IO.File.WriteAllText(File, text);
        Assert.Equal(StorageProblemKind.NotADatabase, RoutingDbSchema.Init(File).Problem!.Kind);
        Assert.Equal(text, System.IO.File.ReadAllText(File));
    }

    [Theory]
    [InlineData("backends (id, region, wg_ip, port)", "'', 'sa', '::1', 80")]
    [InlineData("backends (id, region, wg_ip, port)", "NULL, 'sa', '::1', 80")]
    [InlineData("backends (id, region, wg_ip, port)", "'a', NULL, '::1', 80")]
    [InlineData("backends (id, region, wg_ip, port)", "'a', 'sa', 'localhost', 80")]
    [InlineData("backends (id, region, wg_ip, port)", "'a', 'sa', '::1', 0")]
    [InlineData("backends (id, region, wg_ip, port)", "'a', 'sa', '::1', 'http'")]
    [InlineData("backends (id, region, country, wg_ip, port)", "'a', 'sa', 'Brazil', '::1', 80")]
    [InlineData("backends (id, region, wg_ip, port, weight)", "'a', 'sa', '::1', 80, -1")]
    [InlineData("backends (id, region, wg_ip, port, healthy)", "'a', 'sa', '::1', 80, 'yes'")]
    [InlineData("apps (name, idle_timeout_secs)", "'a', 'long'")]
    [InlineData("apps (name, idle_timeout_secs)", "'a', -1")]
    [InlineData("apps (name, connect_timeout_secs)", "'a', 0")]
    [InlineData("apps (name, connect_attempts)", "'a', 9")]
    [InlineData("apps (name, affinity)", "'a', 'always'")]
    [InlineData("apps (name, affinity_bits_v4)", "'a', 33")]
    [InlineData("apps (name, proxy_protocol)", "'a', 'v2'")]
    [InlineData("apps (name, send_proxy_protocol)", "'a', 'on'")]
    [InlineData("apps (name, reset_unserved)", "'a', 2")]
    [InlineData("overrides (prefix)", "'10.0.0.0/8'")]
    [InlineData("countries (country, region)", "'br', 'sa'")]
    public void Init_WhenDone_LetsTheFileRefuseNonsense(string target, string values)
    {
        RoutingDbSchema.Init(File);
        string sql = $"INSERT INTO {target} VALUES ({values})";
        Assert.Equal("refused", SqliteCli.Attempt(File, sql));
    }

    [Fact]
    public void Init_WhenDone_TakesEveryAppColumnAsNull()
    {
        RoutingDbSchema.Init(File);
        SqliteCli.Run(File, "INSERT INTO apps (name) VALUES ('a')");
        Follower follower = new(File);
        follower.Load();
        Assert.Empty(follower.RowProblems);
        Assert.Equal(new AppPolicy(), follower.Table!.AppByName("a")!.Policy);
    }
}
