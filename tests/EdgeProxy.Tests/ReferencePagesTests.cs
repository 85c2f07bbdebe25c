using System.Globalization;

namespace EdgeProxy.Tests;

public sealed class ReferencePagesTests
{
    [Theory]
    [InlineData("configuration")]
    [InlineData("cli")]
    [InlineData("exit-codes")]
    [InlineData("metrics")]
    public void Page_WhenComparedToTheProgram_IsUpToDate(string name)
    {
        Assert.Contains(name, ReferencePages.Names);
        string written = ReferencePages.Write(name);
        string committed = Repository.Read($"docs/reference/{name}.md");
        Assert.True(written == committed, $"docs/reference/{name}.md is not what the program says: run make docs");
    }

    [Fact]
    public void ExitCodes_WhenCompared_EachHaveAMeaning() =>
        Assert.Equal(Enum.GetValues<ExitCode>(), ExitCodes.Meanings.Select(static (_, code) => (ExitCode)code));

    [Fact]
    public void KernelPage_WhenComparedToTheDoctor_NamesEachSettingWithItsValue()
    {
        string page = Repository.Read("docs/operating/kernel.md");
        foreach (SysctlRule rule in SysctlRule.All)
        {
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{rule.Name} = {rule.Value}\n"), page, StringComparison.Ordinal);
            Assert.Contains($"| `{rule.Name}`", page, StringComparison.Ordinal);
        }
    }
}
