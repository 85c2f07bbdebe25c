using System.Diagnostics;

namespace EdgeProxy.Tests;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("do", "doctor")]
    [InlineData("completion|", "bash,fish,zsh")]
    [InlineData("completion|z", "zsh")]
    [InlineData("doctor|--js", "--json")]
    [InlineData("doctor|--io|", "auto,epoll,uring")]
    [InlineData("doctor|--connect-a", "--connect-attempts")]
    [InlineData("version|--connect-a", "")]
    [InlineData("__co", "")]
    public void Candidates_WhenWordsAreTyped_AreWhatMayFollow(string typed, string expected) =>
        Assert.Equal(expected, string.Join(',', CompleteCommand.Candidates(typed.Split('|'))));

    [Fact]
    public void BashScript_WhenRead_IsBash()
    {
        ProcessStartInfo start = new("bash", "-n")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using Process bash = Process.Start(start)!;
        bash.StandardInput.Write(CompletionScript.Bash());
        bash.StandardInput.Close();
        string complaints = bash.StandardError.ReadToEnd();
        bash.WaitForExit();
        Assert.Equal("", complaints);
        Assert.Equal(0, bash.ExitCode);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Script_WhenPrinted_AsksTheHiddenCommand(string shell)
    {
        Session session = new();
        Assert.Equal(ExitCode.Done, session.Run("completion", shell));
        Assert.Contains(CompleteCommand.Name, session.Output, StringComparison.Ordinal);
    }
}
