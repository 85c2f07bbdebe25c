namespace EdgeProxy.Storage.Tests;

public sealed class StepBudgetTests : IDisposable
{
    private const string Endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
    private const int MinuteMs = 60_000;

    private readonly TemporaryDirectory _directory = new();
    private readonly SqliteConnection _connection;

    public StepBudgetTests()
    {
        RoutingDbSchema.Init(_directory.File("routing.db"));
        Assert.Equal(SqliteCode.Ok, SqliteConnection.OpenReader(_directory.File("routing.db"), 0, out _connection));
    }

    public void Dispose()
    {
        _connection.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(1_000_000, MinuteMs)]
    [InlineData(long.MaxValue, 10)]
    public void Limit_WhenAStatementHasNoEnd_EndsItAndSaysWhy(long instructionsMax, int timeoutMs)
    {
        _connection.Limit(instructionsMax, timeoutMs);
        SqliteCode code = _connection.Execute(Endless);
        Assert.Equal(SqliteCode.Interrupt, code);
        Assert.True(_connection.LimitMet);
        Assert.Equal(StorageProblemKind.TooBig, SqliteProblem.From("f", code, _connection).Kind);
    }

    [Fact]
    public void Limit_WhenSetAnew_LetsTheNextStatementRun()
    {
        _connection.Limit(1, MinuteMs);
        Assert.Equal(SqliteCode.Interrupt, _connection.Execute(Endless));
        _connection.Limit(1_000_000, MinuteMs);
        Assert.Equal(SqliteCode.Ok, _connection.Execute("SELECT count(*) FROM countries"));
        Assert.False(_connection.LimitMet);
    }

    [Theory]
    [InlineData("INSERT INTO regions VALUES ('x', NULL)")]
    [InlineData("CREATE TEMP TABLE t (a)")]
    [InlineData("ATTACH ':memory:' AS other")]
    [InlineData("SELECT load_extension('x')")]
    [InlineData("SELECT hex(zeroblob(600000))")]
    public void OpenReader_WhenAskedForMoreThanReading_Refuses(string sql) =>
        Assert.NotEqual(SqliteCode.Ok, _connection.Execute(sql));
}
