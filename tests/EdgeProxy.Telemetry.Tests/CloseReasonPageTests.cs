using System.Text.RegularExpressions;

namespace EdgeProxy.Telemetry.Tests;

public sealed partial class CloseReasonPageTests
{
    [Fact]
    public void Page_Always_NamesExactlyTheReasonsThereAre()
    {
        string page = File.ReadAllText(Path.Combine(Root(), "docs", "reference", "close-reasons.md"));
        string[] written = [.. RowPattern().Matches(page).Select(static m => m.Groups["reason"].Value)];
        string[] known = [.. Enum.GetNames<CloseReason>().Select(static n => HumpPattern().Replace(n, "_$0").ToLowerInvariant())];
        Assert.Equal(known, written);
    }

    private static string Root()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "EdgeProxy.slnx"))) { directory = directory.Parent; }
        return directory?.FullName ?? throw new InvalidOperationException("EdgeProxy.slnx is in no directory above the tests");
    }

    [GeneratedRegex(@"^\| `(?<reason>[a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex HumpPattern();
}
