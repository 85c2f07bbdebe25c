using System.Text;

namespace EdgeProxy.Linux.Tests;

public sealed class TextFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("")]
    [InlineData("one")]
    [InlineData("one\n")]
    [InlineData("one\r\ntwo\r\n")]
    [InlineData("one\n\n\ntwo\n\n")]
    [InlineData("not\u0085an\u2028end\fof\u2029a line\n")]
    [InlineData("\uFEFFmarked\nãé\n")]
    public void ReadLines_WhenAskedForAnyText_GivesWhatTheFrameworkGives(string text)
    {
        File.WriteAllText(_path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        Assert.Equal(File.ReadAllLines(_path), TextFile.ReadLines(_path));
        Assert.Equal(File.ReadAllText(_path), TextFile.Read(_path));
    }

    [Fact]
    public void Read_WhenAFileOfProcClaimsToBeEmpty_ReadsItWhole() =>
        Assert.StartsWith("Name:", TextFile.Read("/proc/self/status"), StringComparison.Ordinal);
}
