namespace EdgeProxy.Architecture.Tests;

public sealed class SourceTextTests
{
    // A ratchet: these may shrink and never grow, and no file joins them.
    private static readonly Dictionary<string, int> s_longFiles = new(StringComparer.Ordinal)
    {
        ["src/EdgeProxy.Linux/Epoll/EpollIo.cs"] = 448,
        ["tests/EdgeProxy.Linux.Tests/Io/IoStreamTests.cs"] = 403,
    };

    // Lines over 120 columns each directory still has. A ratchet: lower a number when lines were wrapped.
    private static readonly Dictionary<string, int> s_longLines = new(StringComparer.Ordinal)
    {
        ["bench/EdgeProxy.Benchmarks"] = 10,
        ["bench/compare"] = 41,
        ["bench/load"] = 14,
        ["src/EdgeProxy"] = 87,
        ["src/EdgeProxy.ControlPlane"] = 48,
        ["src/EdgeProxy.DataPlane"] = 14,
        ["src/EdgeProxy.Linux"] = 18,
        ["src/EdgeProxy.Routing"] = 49,
        ["src/EdgeProxy.Storage"] = 30,
        ["src/EdgeProxy.Telemetry"] = 0,
        ["tests/EdgeProxy.Architecture.Tests"] = 45,
        ["tests/EdgeProxy.ControlPlane.Tests"] = 16,
        ["tests/EdgeProxy.DataPlane.Tests"] = 39,
        ["tests/EdgeProxy.EndToEnd.Tests"] = 87,
        ["tests/EdgeProxy.Linux.Tests"] = 12,
        ["tests/EdgeProxy.Routing.Tests"] = 46,
        ["tests/EdgeProxy.Simulation.Tests"] = 37,
        ["tests/EdgeProxy.Storage.Tests"] = 26,
        ["tests/EdgeProxy.Telemetry.Tests"] = 3,
        ["tests/EdgeProxy.Tests"] = 8,
        ["tests/Fuzz"] = 36,
        ["tests/Shared"] = 52,
        ["tools/geo"] = 13,
    };

    public static TheoryData<string> Directories => [.. s_longLines.Keys];

    private static IEnumerable<string> Sources => Repository.Files.Where(static file => file.EndsWith(".cs", StringComparison.Ordinal));

    [Fact]
    public void Files_WhenCounted_AreShort()
    {
        IEnumerable<string> tooLong =
            from file in Sources
            let lines = SourceText.LineCount(Repository.Read(file))
            where lines > s_longFiles.GetValueOrDefault(file, SourceText.LinesMax)
            select $"{file}: {lines} lines";
        Fence.Holds(tooLong);
    }

    [Fact]
    public void LongFiles_WhenTheyHaveShrunk_LeaveTheList() => Fence.Holds(
        s_longFiles.Keys.Where(static file => SourceText.LineCount(Repository.Read(file)) <= SourceText.LinesMax));

    [Theory]
    [MemberData(nameof(Directories))]
    public void Lines_WhenMeasured_AreNotMoreOftenTooLongThanBefore(string directory)
    {
        string[] found =
        [
            .. from file in Sources
               where DirectoryOf(file) == directory
               from line in SourceText.LongLines(Repository.Read(file))
               select $"{file}:{line}",
        ];
        Assert.True(
            found.Length <= s_longLines[directory],
            $"{found.Length} lines of {directory} are over {SourceText.ColumnsMax} columns, {s_longLines[directory]} were: wrap one of\n{string.Join('\n', found)}");
    }

    [Fact]
    public void Lines_WhenInADirectoryWithoutALicence_AreShort()
    {
        IEnumerable<string> found =
            from file in Sources
            where !s_longLines.ContainsKey(DirectoryOf(file))
            from line in SourceText.LongLines(Repository.Read(file))
            select $"{file}:{line}";
        Fence.Holds(found);
    }

    [Fact]
    public void Todos_WhenLookedFor_CarryANumber() => Fence.Holds(Find(SourceText.UnnumberedTodos));

    [Fact]
    public void Warnings_WhenSilenced_SayWhyOnTheSpot() => Fence.Holds(Find(SourceText.UnexplainedSilences));

    [Fact]
    public void Files_WhenRead_DeclareTheTypeTheyAreNamedAfter()
    {
        IEnumerable<string> misnamed =
            from file in Sources
            let text = Repository.Read(file)
            where SourceText.DeclaresAType(text) && !SourceText.DeclaresItsName(file, text)
            select file;
        Fence.Holds(misnamed);
    }

    [Fact]
    public void Fence_WhenALineIsTooLong_NumbersIt() =>
        Assert.Equal([2], SourceText.LongLines("short\n" + new string('x', SourceText.ColumnsMax + 1) + "\n" + new string('x', SourceText.ColumnsMax)));

    [Fact]
    public void Fence_WhenATodoHasNoNumber_NumbersTheLine() =>
        Assert.Equal([1, 3], SourceText.UnnumberedTodos("// TO" + "DO: later\n// TO" + "DO(#7): later\n// FIX" + "ME"));

    [Fact]
    public void Fence_WhenAWarningIsSilencedWithoutAReason_NumbersTheLine() => Assert.Equal(
        [1], SourceText.UnexplainedSilences("#pragma warning " + "disable CA1\n#pragma warning " + "disable CA2 // As the kernel spells it."));

    [Fact]
    public void Fence_WhenAFileIsNamedAfterAnotherType_Notices()
    {
        Assert.False(SourceText.DeclaresItsName("a/Loop.Timers.cs", "namespace N;\n\ninternal sealed class Wheel;\n"));
        Assert.True(SourceText.DeclaresItsName("a/Loop.Timers.cs", "namespace N;\n\ninternal sealed partial class Loop\n"));
        Assert.False(SourceText.DeclaresAType("using System;\nreturn 0;\n"));
    }

    private static string DirectoryOf(string file) => string.Join('/', file.Split('/').Take(2));

    private static IEnumerable<string> Find(Func<string, IEnumerable<int>> rule) =>
        from file in Sources
        from line in rule(Repository.Read(file))
        select $"{file}:{line}";
}
