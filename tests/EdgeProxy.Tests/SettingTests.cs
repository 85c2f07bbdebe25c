namespace EdgeProxy.Tests;

public sealed class SettingTests
{
    private static readonly SettingSource Somewhere = new(SettingOrigin.Flag, "--x");

    [Theory]
    [InlineData("1", true)]
    [InlineData("TRUE", true)]
    [InlineData("yes", true)]
    [InlineData("On", true)]
    [InlineData("0", false)]
    [InlineData("false", false)]
    [InlineData("NO", false)]
    [InlineData("off", false)]
    public void Switch_WhenGivenAWord_TakesItsMeaning(string text, bool expected)
    {
        SwitchSetting setting = new("X", expected ? "false" : "true", "");
        Assert.Null(setting.TrySet(text, Somewhere));
        Assert.Equal(expected, setting.Value);
        Assert.Equal(Somewhere, setting.Source);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("enabled")]
    [InlineData("truee")]
    public void Switch_WhenGivenAnythingElse_KeepsItsValueAndSource(string text)
    {
        SwitchSetting setting = new("X", "true", "");
        ValueProblem? problem = setting.TrySet(text, Somewhere);
        Assert.NotNull(problem);
        Assert.Contains("true or false", problem.Cure, StringComparison.Ordinal);
        Assert.True(setting.Value);
        Assert.Equal(SettingOrigin.Default, setting.Source.Origin);
    }

    [Theory]
    [InlineData("0.2", 200)]
    [InlineData("0", 0)]
    [InlineData(" 3 ", 3000)]
    [InlineData("1.5", 1500)]
    [InlineData("0.0001", 1)]
    [InlineData("0.001", 1)]
    [InlineData(".5", 500)]
    [InlineData("100", 100_000)]
    public void Duration_WhenGivenSeconds_HoldsMilliseconds(string text, int expectedMs)
    {
        DurationSetting setting = new("X_SECS", "7", 0, 100, "");
        Assert.Null(setting.TrySet(text, Somewhere));
        Assert.Equal(expectedMs, setting.Value);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("100.1")]
    [InlineData("5s")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData("")]
    public void Duration_WhenMalformedOrOutOfBounds_IsRefused(string text)
    {
        DurationSetting setting = new("X_SECS", "7", 0, 100, "");
        Assert.NotNull(setting.TrySet(text, Somewhere));
        Assert.Equal(7000, setting.Value);
    }

    [Theory]
    [InlineData("0.5", 1)]
    [InlineData("1", 1)]
    [InlineData("1.001", 2)]
    public void Duration_WhenCountedInSeconds_RoundsUp(string text, int expected)
    {
        DurationSetting setting = new("X_SECS", "7", 0, 100, "");
        Assert.Null(setting.TrySet(text, Somewhere));
        Assert.Equal(expected, setting.WholeSeconds);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("10", true)]
    [InlineData("11", false)]
    [InlineData("-1", false)]
    [InlineData("1.0", false)]
    [InlineData("0x5", false)]
    [InlineData("99999999999999999999", false)]
    public void Integer_WhenGiven_IsHeldToItsBounds(string text, bool taken)
    {
        IntegerSetting setting = new("X", "5", 0, 10, "things", "");
        Assert.Equal(taken, setting.TrySet(text, Somewhere) is null);
    }

    [Fact]
    public void EndpointList_WhenOnePartIsWrong_NamesThatPart()
    {
        EndpointListSetting setting = new("X", "0.0.0.0:1", 4, "");
        Assert.Null(setting.TrySet("[::]:80, 10.0.0.1:8080", Somewhere));
        Assert.Equal("[::]:80,10.0.0.1:8080", setting.Text);
        ValueProblem? problem = setting.TrySet("1.2.3.4:80,localhost:80", Somewhere);
        Assert.Contains("'localhost:80'", problem?.Problem, StringComparison.Ordinal);
        Assert.NotNull(setting.TrySet("1.1.1.1:1,1.1.1.1:2,1.1.1.1:3,1.1.1.1:4,1.1.1.1:5", Somewhere));
    }

    [Fact]
    public void PrefixList_WhenHostBitsAreSet_SaysSo()
    {
        PrefixListSetting setting = new("X", "", "");
        Assert.Empty(setting.Value);
        Assert.Null(setting.TrySet("10.0.0.0/8, 2001:db8::/32,192.0.2.1", Somewhere));
        Assert.Equal(3, setting.Value.Count);
        Assert.Contains("beyond it", setting.TrySet("10.1.0.0/8", Somewhere)?.Problem, StringComparison.Ordinal);
        Assert.Contains("not a CIDR", setting.TrySet("nonsense", Somewhere)?.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Choice_WhenMistyped_SuggestsTheNearestWord()
    {
        ChoiceSetting<int> setting = new("X", "optional", ["off", "optional", "required"], [0, 1, 2], "");
        Assert.Null(setting.TrySet("REQUIRED", Somewhere));
        Assert.Equal(2, setting.Value);
        Assert.Equal("required", setting.Text);
        Assert.Contains("Did you mean required?", setting.TrySet("requird", Somewhere)?.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void WordList_WhenGivenSeveral_CombinesTheirBits()
    {
        WordListSetting setting = new("X", "", ["a", "b", "c"], [1, 2, 4], "");
        Assert.Null(setting.TrySet("c,a", Somewhere));
        Assert.Equal(5, setting.Value);
        Assert.Equal("a,c", setting.Text);
        Assert.Contains("'d'", setting.TrySet("a,d", Somewhere)?.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_WhenItHoldsControlCharactersOrIsEndless_IsRefused()
    {
        TextSetting setting = new("X", "", "path", "");
        Assert.Null(setting.TrySet("/var/lib/x y", Somewhere));
        Assert.NotNull(setting.TrySet("a\u0007b", Somewhere));
        Assert.NotNull(setting.TrySet(new string('a', 5000), Somewhere));
        Assert.Equal("/var/lib/x y", setting.Value);
    }
}
