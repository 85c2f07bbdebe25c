using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane.Tests;

public sealed class KeyFileTests : IDisposable
{
    private const string Text = "GIUVCT6VL18i6GXO8wEucvi18LWYrAMJ1drM47cPz1I=";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-keys-").FullName;

    private string File1 => Path.Combine(_directory, "wireguard.key");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void ReadOrMake_WhenThereIsNone_MakesOneForItsOwnerOnly()
    {
        KeyRead made = KeyFile.ReadOrMake(File1, out bool isNew);
        Assert.True(isNew);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(File1));
        Assert.Equal([File1], Directory.GetFiles(_directory)); // Nothing half-written beside it.
        KeyRead again = KeyFile.ReadOrMake(File1, out isNew);
        Assert.False(isNew);
        Assert.True(SecretKey.Same(made.Key, again.Key));
        Assert.False(made.Key!.IsZero);
    }

    [Fact]
    public void ReadOrMake_WhenTwoStartAtOnce_HaveOneKey()
    {
        SecretKey[] keys = new SecretKey[8];
        Thread[] threads =
            [.. Enumerable.Range(0, keys.Length)
            .Select(i => new Thread(() => keys[i] = KeyFile.ReadOrMake(File1, out _).Key!))];
        foreach (Thread thread in threads) { thread.Start(); }
        foreach (Thread thread in threads) { thread.Join(); }
        Assert.All(keys, key => Assert.True(SecretKey.Same(keys[0], key)));
        Assert.Equal([File1], Directory.GetFiles(_directory));
    }

    [Fact]
    public void Create_WhenThereIsAFile_LeavesIt()
    {
        Write(Text, OwnerOnly);
        Assert.Equal(Errno.EEXIST, KeyFile.Create(File1, KeyFile.NewPrivate()).Error);
        Assert.Equal(Text, File.ReadAllText(File1));
        Assert.Equal([File1], Directory.GetFiles(_directory));
    }

    [Theory]
    [InlineData(Text)]
    [InlineData(Text + "\n")]
    [InlineData(Text + "\r\n")]
    public void Read_WhenTheFileIsGood_IsItsKey(string content)
    {
        Write(content, OwnerOnly);
        Assert.True(SecretKey.Same(SecretKey.Parse(Text), KeyFile.Read(File1).Key));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Read_WhenOthersMayUseIt_IsRefusedWithTheCure(UnixFileMode others)
    {
        Write(Text, OwnerOnly | others);
        KeyRead read = KeyFile.Read(File1);
        Assert.Null(read.Key);
        Assert.Contains("others than its owner", read.Problem, StringComparison.Ordinal);
        Assert.Contains($"chmod 600 {File1}", read.Cure, StringComparison.Ordinal);
        Assert.Null(KeyFile.ReadOrMake(File1, out bool made).Key); // Never replaced by a new one either.
        Assert.False(made);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData(Text + "\n" + Text)]
    public void Read_WhenThereIsNoKeyInIt_SaysSoAndShowsNothingOfIt(string content)
    {
        Write(content, OwnerOnly);
        KeyRead read = KeyFile.Read(File1);
        Assert.Null(read.Key);
        Assert.Equal("holds no key", read.Problem);
    }

    [Fact]
    public void Read_WhenThereIsNoFileOrNoRegularOne_SaysWhich()
    {
        Assert.Equal("does not exist", KeyFile.Read(File1).Problem);
        Assert.Equal("is no file", KeyFile.Read(_directory).Problem);
        Assert.Equal("is no file", KeyFile.Read("/dev/zero").Problem);
    }

    private void Write(string content, UnixFileMode mode)
    {
        File.WriteAllText(File1, content);
        File.SetUnixFileMode(File1, mode);
    }
}
