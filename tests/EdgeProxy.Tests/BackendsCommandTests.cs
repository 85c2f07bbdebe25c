namespace EdgeProxy.Tests;

/// <summary>The commands that write routing.db, on a file of their own.</summary>
public sealed class BackendsCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-cli-").FullName;

    public BackendsCommandTests() => Assert.Equal(ExitCode.Done, new Session().Run("db", "init", Db));

    private string Db => Path.Combine(_directory, "routing.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Add_WhenARegionIsGiven_MeansTheBackendsAndNotThisPops()
    {
        Assert.Equal(ExitCode.Done, Run("add", "br-1", "--region", "sa", "--address", "10.0.0.1", "--port", "80").Code);

        (ExitCode code, Session session) = Run("list");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("br-1  app=default region=sa", session.Output, StringComparison.Ordinal);
        Assert.Contains("healthy=true", session.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no", "healthy=false")]
    [InlineData("ON", "healthy=true")]
    public void Set_WhenHealthIsAKnownWord_TakesIt(string word, string shown)
    {
        Run("add", "br-1", "--region", "sa", "--address", "10.0.0.1", "--port", "80");
        Assert.Contains(shown, Run("set", "br-1", "--healthy", word).Session.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Set_WhenHealthIsAnythingElse_IsRefusedAndNothingChanges()
    {
        Run("add", "br-1", "--region", "sa", "--address", "10.0.0.1", "--port", "80");
        (ExitCode code, Session session) = Run("set", "br-1", "--healthy", "maybe");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--healthy: 'maybe'", session.Error, StringComparison.Ordinal);
        Assert.Contains("healthy=true", Run("list").Session.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void List_WhenThereAreNone_SaysSoBesideTheOutput()
    {
        (ExitCode code, Session session) = Run("list");
        Assert.Equal(ExitCode.Done, code);
        Assert.Empty(session.Output);
        Assert.Contains("no backends", session.Error, StringComparison.Ordinal);
    }

    private (ExitCode Code, Session Session) Run(params string[] words)
    {
        Session session = new();
        return (session.Run(["backends", .. words, "--db-path", Db]), session);
    }
}
