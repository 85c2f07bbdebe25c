namespace EdgeProxy.Tests;

public sealed class TomlSettingsTests
{
    [Theory]
    [InlineData("a = 'b'", "b")]
    [InlineData("a=\"b\"#c", "b")]
    [InlineData("\uFEFFa = \"x # y\"\r\n", "x # y")]
    [InlineData("a = \"\\\"\\\\\\t\\u00e9\\U0001F600\"", "\"\\\t\u00e9\U0001F600")]
    [InlineData("a = 'C:\\n'", "C:\\n")]
    [InlineData("\"a\" = 1_000", "1000")]
    [InlineData("a = +7", "7")]
    [InlineData("a = -0.25", "-0.25")]
    [InlineData("a = 2.5e3", "2500")]
    [InlineData("a = true # yes", "true")]
    [InlineData("a = []", "")]
    [InlineData("a = [ 'x', # one\n\n \"y\",\n]", "x,y")]
    public void Read_WhenAValueIsToml_TakesItAsText(string text, string value)
    {
        TomlEntry entry = Assert.Single(Read(text, out List<SettingProblem> problems));
        Assert.Empty(problems);
        Assert.Equal(("a", value), (entry.Key, entry.Value));
    }

    [Theory]
    [InlineData("a = 1979-05-27T07:32:00Z")]
    [InlineData("a = 0x1F")]
    [InlineData("a = inf")]
    [InlineData("a = { b = 1 }")]
    [InlineData("a = \"\"\"\nx\n\"\"\"")]
    [InlineData("a = [['x']]")]
    [InlineData("a = ['x', true]")]
    public void Read_WhenNoSettingIsLikeThat_SaysSoAndGoesOn(string text)
    {
        TomlEntry next = Assert.Single(Read(text + "\nb = 1\n", out List<SettingProblem> problems));
        Assert.Equal("b", next.Key);
        SettingProblem problem = Assert.Single(problems);
        Assert.Equal("f:1:1", problem.Place);
        Assert.DoesNotContain("not valid TOML", problem.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "f:1:2")]
    [InlineData("a =", "f:1:4")]
    [InlineData("a = b", "f:1:5")]
    [InlineData("a = 'b", "f:1:7")]
    [InlineData("a = \"b\nc\"", "f:1:7")]
    [InlineData("a = \"\\q\"", "f:1:7")]
    [InlineData("a = \"\\uD800\"", "f:1:7")]
    [InlineData("a = 1 2", "f:1:7")]
    [InlineData("\n\n a = [1", "f:3:8")]
    [InlineData("a = ['x' 'y']", "f:1:10")]
    [InlineData("a = '''x", "f:1:5")]
    [InlineData("= 1", "f:1:1")]
    public void Read_WhenItIsNotToml_NamesThePlace(string text, string place)
    {
        Assert.Empty(Read(text, out List<SettingProblem> problems));
        SettingProblem problem = Assert.Single(problems);
        Assert.Equal(place, problem.Place);
        Assert.StartsWith("not valid TOML: ", problem.Problem, StringComparison.Ordinal);
    }

    private static IReadOnlyList<TomlEntry> Read(string text, out List<SettingProblem> problems)
    {
        problems = [];
        return TomlSettings.Read(text, "f", problems);
    }
}
