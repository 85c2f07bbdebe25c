namespace EdgeProxy.Tests;

public sealed class CommandsTests
{
    [Fact]
    public void Run_WhenNothingIsTyped_ShowsHelpAndCallsItAUsageError()
    {
        Session session = new();
        Assert.Equal(ExitCode.Usage, session.Run());
        Assert.Contains("doctor", session.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WhenACommandIsMistyped_SuggestsAndEndsWithUsage()
    {
        Session session = new();
        Assert.Equal(ExitCode.Usage, session.Run("docter"));
        Assert.Contains("Did you mean 'doctor'?", session.Error, StringComparison.Ordinal);
        Assert.Empty(session.Output);
    }

    [Fact]
    public void Run_WhenASettingIsWrong_EndsWithSettingsBeforeDoingAnything()
    {
        Session session = new Session().With("EDGEPROXY_WORKRS", "1");
        Assert.Equal(ExitCode.Settings, session.Run("doctor"));
        Assert.Contains("EDGEPROXY_WORKERS", session.Error, StringComparison.Ordinal);
        Assert.Empty(session.Output);
    }

    [Fact]
    public void Help_WhenAskedOfEveryCommand_ShowsItsUsageAndFlags()
    {
        foreach ((string[] path, Command command) in Everything(Commands.Root, []))
        {
            Session session = new();
            Assert.Equal(ExitCode.Done, session.Run([.. path, "--help"]));
            Assert.Contains($"Usage: {string.Join(' ', ["edgeproxy", .. path])}", session.Output, StringComparison.Ordinal);
            Assert.All(command.Flags, f => Assert.Contains(f.Name, session.Output, StringComparison.Ordinal));
            Assert.Empty(session.Error);
        }
    }

    [Fact]
    public void Help_WhenAskedForSettings_ListsEveryFlag()
    {
        Session session = new();
        Assert.Equal(ExitCode.Done, session.Run("help", "settings"));
        Assert.All(new Options().All, s => Assert.Contains(s.Flag, session.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Help_WhenTheCommandIsUnknown_Suggests()
    {
        Session session = new();
        Assert.Equal(ExitCode.Usage, session.Run("help", "verson"));
        Assert.Contains("'version'", session.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_WhenAskedForJson_IsJson()
    {
        Session session = new();
        Assert.Equal(ExitCode.Done, session.Run("version", "--json"));
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(session.Output);
        Assert.Matches(@"^\d+\.\d+\.\d+", json.RootElement.GetProperty("version").GetString()!);
    }

    [Fact]
    public void Colours_WhenWanted_AreThereAndElseNot()
    {
        using StringWriter writer = new();
        Assert.Equal("\u001b[31mx\u001b[0m", new Terminal(writer, writer, colours: true).Bad("x"));
        Assert.Equal("x", new Terminal(writer, writer, colours: false).Bad("x"));
    }

    private static IEnumerable<(string[] Path, Command Command)> Everything(Command command, string[] path)
    {
        foreach (Command child in command.Commands)
        {
            string[] below = [.. path, child.Name];
            yield return (below, child);
            foreach ((string[] Path, Command Command) deeper in Everything(child, below)) { yield return deeper; }
        }
    }
}
