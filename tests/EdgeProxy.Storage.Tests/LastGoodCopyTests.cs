namespace EdgeProxy.Storage.Tests;

public sealed class LastGoodCopyTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Follower _follower;

    public LastGoodCopyTests()
    {
        SqliteCli.Run(File, "CREATE TABLE mine (a); INSERT INTO mine VALUES ('kept');" + Samples.OriginalSchema + ";" + Samples.OriginalRows);
        _follower = new Follower(File);
    }

    private string File => _directory.File("routing.db");

    private string Copy => LastGoodCopy.PathOf(File, null);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("DELETE")]
    [InlineData("WAL")]
    public void CopyTo_AfterALoad_ServesAStartWhenTheOriginalIsGarbage(string mode)
    {
        SqliteCli.Run(File, $"PRAGMA journal_mode={mode}");
        using (SqliteSession writer = new(File))
        {
            writer.Run("UPDATE backends SET weight = 9");
            _follower.LoadSettled();
            Assert.True(_follower.Db.CopyTo(Copy).Written);
        }

        System.IO.File.WriteAllText(File, new string('#', 10_000));
        Follower afterStart = new(Copy);
        Assert.Null(afterStart.Load().Problem);
        Assert.Equal(_follower.Backends, afterStart.Backends);
        Assert.Equal("delete", SqliteCli.Run(Copy, "PRAGMA journal_mode"));
        Assert.Equal("kept", SqliteCli.Run(Copy, "SELECT a FROM mine"));
        Assert.False(System.IO.File.Exists(Copy + ".new"));
    }

    [Fact]
    public void CopyTo_BeforeAnyLoad_WritesNothing()
    {
        Assert.Equal(default, _follower.Db.CopyTo(Copy));
        Assert.False(System.IO.File.Exists(Copy));
    }

    [Fact]
    public void CopyTo_WhenTheFileHasChangedSinceTheLoad_KeepsTheFormerCopy()
    {
        _follower.LoadSettled();
        Assert.True(_follower.Db.CopyTo(Copy).Written);
        byte[] former = System.IO.File.ReadAllBytes(Copy);
        SqliteCli.Run(File, "UPDATE backends SET weight = 9");
        Assert.Equal(default, _follower.Db.CopyTo(Copy));
        Assert.Equal(former, System.IO.File.ReadAllBytes(Copy));
    }

    [Fact]
    public void CopyTo_AfterALoadThatFailed_KeepsTheFormerCopy()
    {
        _follower.LoadSettled();
        Assert.True(_follower.Db.CopyTo(Copy).Written);
        SqliteCli.Run(File, "DROP TABLE backends");
        _follower.LoadSettled();
        Assert.Equal(StorageProblemKind.Structure, _follower.Problem!.Kind);
        Assert.Equal(default, _follower.Db.CopyTo(Copy));
        Assert.Equal("3", SqliteCli.Run(Copy, "SELECT count(*) FROM backends"));
    }

    [Fact]
    public void CopyTo_WhenTheOriginalIsPrivate_IsPrivateToo()
    {
        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        System.IO.File.SetUnixFileMode(File, mode);
        _follower.LoadSettled();
        Assert.True(_follower.Db.CopyTo(Copy).Written);
        Assert.Equal(mode, System.IO.File.GetUnixFileMode(Copy));
    }

    [Fact]
    public void CopyTo_WhenALinkLiesInTheWay_DoesNotWriteThroughIt()
    {
        string victim = _directory.File("victim");
        System.IO.File.WriteAllText(victim, "mine");
        System.IO.File.CreateSymbolicLink(Copy + ".new", victim);
        System.IO.File.CreateSymbolicLink(Copy, victim);
        _follower.LoadSettled();
        Assert.True(_follower.Db.CopyTo(Copy).Written);
        Assert.Equal("mine", System.IO.File.ReadAllText(victim));
        Assert.Null(new FileInfo(Copy).LinkTarget);
    }

    [Fact]
    public void CopyTo_WhenItsDirectoryIsMissing_SaysSoAndHarmsNothing()
    {
        _follower.LoadSettled();
        string target = LastGoodCopy.PathOf(File, _directory.File("state"));
        CopyResult result = _follower.Db.CopyTo(target);
        Assert.False(result.Written);
        Assert.Equal((StorageProblemKind.Io, target), (result.Problem!.Kind, result.Problem.File));
        Assert.Null(_follower.Load().Problem);
    }
}
