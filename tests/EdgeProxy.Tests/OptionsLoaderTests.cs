using System.Collections;

namespace EdgeProxy.Tests;

public sealed class OptionsLoaderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-options-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Load_WhenNothingIsGiven_HoldsTheDefaults()
    {
        Options options = Load([], [], out IReadOnlyList<SettingProblem> problems);
        Assert.Empty(problems);
        Assert.Equal("0.0.0.0:8080", options.ListenAddr.Text);
        Assert.Equal("routing.db", options.DbPath.Value);
        Assert.Equal("sa", options.Region.Value);
        Assert.Equal(600, options.BindingTtlSecs.WholeSeconds);
        Assert.Equal(5_000, options.DbReloadSecs.Value);
        Assert.Equal(30_000, options.ShutdownTimeoutSecs.Value);
        Assert.Equal("127.0.0.1:9090", options.MetricsListenAddr.Text);
        Assert.False(options.Debug.Value);
        Assert.All(options.All, static s => Assert.Equal(SettingOrigin.Default, s.Source.Origin));
    }

    [Fact]
    public void Load_WhenAllSourcesSpeak_TheFlagWinsThenTheEnvironmentThenTheFile()
    {
        string file = Write("workers = 1\nconnect_attempts = 1\nbacklog = 1\n");
        Options options = Load(
            [new("--config", file), new("--workers", "3")],
            new() { ["EDGEPROXY_WORKERS"] = "2", ["EDGEPROXY_CONNECT_ATTEMPTS"] = "2" },
            out IReadOnlyList<SettingProblem> problems);
        Assert.Empty(problems);
        Assert.Equal((3, 2, 1), (options.Workers.Value, options.ConnectAttempts.Value, options.Backlog.Value));
        Assert.Equal("flag --workers", options.Workers.Source.ToString());
        Assert.Equal("environment EDGEPROXY_CONNECT_ATTEMPTS", options.ConnectAttempts.Source.ToString());
        Assert.Equal($"file {file}:3:1", options.Backlog.Source.ToString());
    }

    [Fact]
    public void Load_WhenTheEnvironmentNamesTheFile_ReadsIt()
    {
        string file = Write("""
            listen_addr = ["127.0.0.1:1", "[::1]:2"]
            idle_timeout_secs = 0.25
            metrics_enabled = false
            region = 'eu'
            """);
        Options options = Load([], new() { ["EDGEPROXY_CONFIG"] = file }, out IReadOnlyList<SettingProblem> problems);
        Assert.Empty(problems);
        Assert.Equal("127.0.0.1:1,[::1]:2", options.ListenAddr.Text);
        Assert.Equal(250, options.IdleTimeoutSecs.Value);
        Assert.False(options.MetricsEnabled.Value);
        Assert.Equal("eu", options.Region.Value);
    }

    [Theory]
    [InlineData("EDGEPROXY_WORKRS", "1", "there is no such setting", "Did you mean EDGEPROXY_WORKERS?")]
    [InlineData("EDGEPROXY_COMPLETELY_ELSE", "1", "there is no such setting", "help settings")]
    [InlineData("EDGEPROXY_WORKERS", "many", "'many' is not a whole number", "loops, 0 to 1024")]
    [InlineData("EDGEPROXY_IO", "urring", "'urring' is not one of", "Did you mean uring?")]
    [InlineData("EDGEPROXY_DEBUG", "1", "there is no such setting", "")]
    [InlineData("EDGEPROXY_CONFIG", "/nowhere/x.toml", "there is no such file", "")]
    [InlineData("EDGEPROXY_TLS_ENABLED", "true", "does not serve TLS yet", "EDGEPROXY_TLS_ENABLED=false")]
    [InlineData("EDGEPROXY_TLS_ENABLED", "maybe", "neither on nor off", "")]
    [InlineData("EDGEPROXY_TLS_CERT", "/etc/x.pem", "does not serve TLS yet", "")]
    [InlineData("EDGEPROXY_RATE_LIMIT_BURST", "11", "does not serve rate limiting yet", "")]
    [InlineData("EDGEPROXY_POSTGRES_URL", "postgres://x", "does not serve PostgreSQL yet", "")]
    public void Load_WhenAVariableIsWrong_NamesItAndTheCure(string variable, string value, string problem, string cure)
    {
        Load([], new() { [variable] = value }, out IReadOnlyList<SettingProblem> problems);
        SettingProblem found = Assert.Single(problems);
        Assert.Equal(variable, found.Place);
        Assert.Contains(problem, found.Problem, StringComparison.Ordinal);
        Assert.Contains(cure, found.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EDGEPROXY_TLS_ENABLED", "false")]
    [InlineData("EDGEPROXY_API_ENABLED", "off")]
    [InlineData("EDGEPROXY_RATE_LIMIT_BURST", "10")]
    [InlineData("EDGEPROXY_DNS_DOMAIN", "internal")]
    [InlineData("HOME", "/root")]
    [InlineData("edgeproxy_workers", "x")]
    public void Load_WhenAVariableAsksForNothing_IsContent(string variable, string value)
    {
        Load([], new() { [variable] = value }, out IReadOnlyList<SettingProblem> problems);
        Assert.Empty(problems);
    }

    [Fact]
    public void Load_WhenAFeatureIsSaidToBeOff_AcceptsItsOtherVariables()
    {
        Load([], new() { ["EDGEPROXY_TLS_ENABLED"] = "no", ["EDGEPROXY_TLS_CERT"] = "/x" }, out IReadOnlyList<SettingProblem> problems);
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("workers = 4\nworkres = 5\n", 2, 1, "there is no setting 'workres'", "workers")]
    [InlineData("workers = 4\nworkers = 5\n", 2, 1, "set before", "")]
    [InlineData("\n  workers = \"x\"\n", 2, 3, "'x' is not a whole number", "")]
    [InlineData("config = \"b.toml\"\n", 1, 1, "another file", "")]
    [InlineData("[section]\nworkers = 1\n", 1, 2, "table", "top-level")]
    [InlineData("a.b = 1\n", 1, 1, "table", "top-level")]
    [InlineData("workers = 1979-05-27\n", 1, 1, "something other", "")]
    [InlineData("listen_addr = [1, 2]\n", 1, 1, "something other", "")]
    [InlineData("workers = = 1\n", 1, 11, "not valid TOML", "")]
    [InlineData("WORKERS = 1\n", 1, 1, "there is no setting", "workers")]
    [InlineData("tls_enabled = true\n", 1, 1, "does not serve TLS yet", "")]
    public void Load_WhenALineIsWrong_NamesLineAndColumn(string text, int line, int column, string problem, string cure)
    {
        string file = Write(text);
        Load([new("--config", file)], [], out IReadOnlyList<SettingProblem> problems);
        SettingProblem found = Assert.Single(problems);
        Assert.Equal($"{file}:{line}:{column}", found.Place);
        Assert.Contains(problem, found.Problem, StringComparison.Ordinal);
        Assert.Contains(cure, found.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenAWeakerSourceIsWrong_StillSaysSo()
    {
        Options options = Load(
            [new("--workers", "3")], new() { ["EDGEPROXY_WORKERS"] = "many" }, out IReadOnlyList<SettingProblem> problems);
        Assert.Single(problems);
        Assert.Equal(3, options.Workers.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("anything")]
    public void Load_WhenDebugIsPresent_TurnsDebugOn(string value)
    {
        Options options = Load([], new() { ["DEBUG"] = value }, out IReadOnlyList<SettingProblem> problems);
        Assert.Empty(problems);
        Assert.True(options.Debug.Value);
    }

    private static Options Load(
        IReadOnlyList<GivenFlag> flags, Hashtable environment, out IReadOnlyList<SettingProblem> problems) =>
        OptionsLoader.Load(flags, environment, out problems);

    private string Write(string text)
    {
        string path = Path.Combine(_directory, "edgeproxy.toml");
        File.WriteAllText(path, text);
        return path;
    }
}
