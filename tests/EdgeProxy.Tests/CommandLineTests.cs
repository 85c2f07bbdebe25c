namespace EdgeProxy.Tests;

public sealed class CommandLineTests
{
    private static readonly Command Root = new("prog", "x")
    {
        Commands =
        [
            new("show", "x")
            {
                Arguments = [new("name", "x"), new("more", "x") { Optional = true, Many = true }],
                Flags = [CommandFlag.Json, new("--app", "name", "x")],
                TakesSettings = true,
                Run = static _ => ExitCode.Done,
            },
            new("group", "x")
            {
                Commands = [new("set", "x") { Arguments = [new("mode", "x") { Words = ["a", "b"] }], Run = static _ => ExitCode.Done }],
            },
        ],
    };

    [Fact]
    public void Parse_WhenEverythingIsGiven_SortsItOut()
    {
        ParsedLine line = Parse("show", "one", "--json", "--app=web", "--workers", "3", "--debug", "--io=epoll", "--", "--two");
        Assert.Null(line.Problem);
        Assert.Equal("prog show", line.Title);
        Assert.Equal(["one", "--two"], line.Arguments);
        Assert.Equal([("--json", null), ("--app", "web")], Given(line.Flags));
        Assert.Equal([("--workers", "3"), ("--debug", null), ("--io", "epoll")], Given(line.Settings));
    }

    [Theory]
    [InlineData("shwo one", "no command 'shwo'", "'show'")]
    [InlineData("zzzzzz", "no command 'zzzzzz'", "prog --help")]
    [InlineData("show one --jsn", "no flag --jsn", "--json")]
    [InlineData("show one --wrokers 3", "no flag --wrokers", "--workers")]
    [InlineData("show", "<name> is missing", "prog show --help")]
    [InlineData("show one --app", "--app needs a value", "name")]
    [InlineData("show one --workers", "--workers needs a value", "loops, 0 to 1024")]
    [InlineData("show one --json=1", "takes no value", "alone")]
    [InlineData("group", "a command is missing", "prog group --help")]
    [InlineData("group set c", "'c' is no mode", "a, b")]
    [InlineData("group set a b", "'b' is one argument too many", "")]
    [InlineData("group set a --workers 3", "--workers means nothing", "")]
    public void Parse_WhenTheLineIsWrong_SaysWhatAndTheCure(string words, string problem, string cure)
    {
        ParsedLine line = Parse(words.Split(' '));
        Assert.Contains(problem, line.Problem?.Problem, StringComparison.Ordinal);
        Assert.Contains(cure, line.Problem?.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_WhenHelpIsAskedFor_ForgivesTheRest()
    {
        ParsedLine line = Parse("show", "--help");
        Assert.True(line.WantsHelp);
        Assert.Null(line.Problem);
        Assert.Equal("prog show <name> [more...] [flags]", HelpText.Usage(line));
    }

    [Fact]
    public void Parse_WhenASwitchGetsAValue_TakesItByEqualsOnly()
    {
        ParsedLine line = Parse("show", "--debug=false", "one");
        Assert.Null(line.Problem);
        Assert.Equal([("--debug", "false")], Given(line.Settings));
        Assert.Equal(["one"], line.Arguments);
    }

    private static IEnumerable<(string Name, string? Value)> Given(IEnumerable<GivenFlag> flags) =>
        flags.Select(static flag => (flag.Name, flag.Value));

    private static ParsedLine Parse(params string[] words) => CommandLine.Parse(words, Root, new Options());
}
