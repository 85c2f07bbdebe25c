namespace EdgeProxy.Crypto.Tests;

public sealed class CryptoLibraryTests
{
    [Fact]
    public void Library_WhenInstalled_HasNoProblem() => Assert.Null(CryptoLibrary.FindProblem());

    [Fact]
    public void Library_WhenMissing_NamesThePackage()
    {
        string? problem = CryptoLibrary.Load("libcrypto-that-is-not-there.so.3").Problem;
        Assert.Contains("libcrypto-that-is-not-there.so.3 was not found", problem, StringComparison.Ordinal);
        Assert.Contains("apt-get install libssl3", problem, StringComparison.Ordinal);
    }
}
