using EdgeProxy.Linux;

namespace EdgeProxy.Storage.Tests;

public sealed class RoutingDbWatchingTests : IDisposable
{
    private const int PollTimeoutMs = 60_000;

    private readonly TemporaryDirectory _directory = new();
    private readonly Follower _follower;

    public RoutingDbWatchingTests()
    {
        SqliteCli.Run(File, Samples.OriginalSchema + ";" + Samples.OriginalRows);
        _follower = new Follower(File);
        _follower.LoadSettled();
    }

    public static TheoryData<string> JournalModes => ["DELETE", "TRUNCATE", "PERSIST", "WAL"];

    private string File => _directory.File("routing.db");

    private string Log => File + "-wal";

    private string Other => _directory.File("other.db");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(JournalModes))]
    public void MayHaveChanged_AfterACommitOfAnotherProcess_IsTrueUntilLoaded(string mode)
    {
        SqliteCli.Run(File, $"PRAGMA journal_mode={mode}");
        _follower.LoadSettled();
        for (int weight = 10; weight < 20; weight++)
        {
            SqliteCli.Run(File, $"UPDATE backends SET weight = {weight} WHERE id = 'sa-1'");
            Assert.True(_follower.Db.MayHaveChanged());
            _follower.Load();
            Assert.Contains($"sa-1 10.50.1.1:8080 BR {weight};", _follower.Backends, StringComparison.Ordinal);
        }

        _follower.LoadSettled();
        Assert.False(_follower.Db.MayHaveChanged());
    }

    [Theory]
    [MemberData(nameof(JournalModes))]
    public void Load_WhileAWriterStaysOpen_SeesEachCommitAndNothingBefore(string mode)
    {
        using SqliteSession writer = new(File);
        writer.Run($"PRAGMA journal_mode={mode}");
        for (int weight = 10; weight < 20; weight++)
        {
            writer.Run($"BEGIN; UPDATE backends SET weight = {weight} WHERE id = 'sa-1'");
            _follower.LoadSettled();
            Assert.Null(_follower.Problem);
            Assert.DoesNotContain($" {weight};", _follower.Backends, StringComparison.Ordinal);
            writer.Run("COMMIT");
            Assert.True(_follower.Db.MayHaveChanged());
            _follower.Load();
            Assert.Contains($"sa-1 10.50.1.1:8080 BR {weight};", _follower.Backends, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(JournalModes))]
    public void Watch_WhenAnotherProcessCommits_WakesWithoutPolling(string mode)
    {
        SqliteCli.Run(File, $"PRAGMA journal_mode={mode}");
        using FileWatch watch = new(File);
        _follower.LoadSettled();
        watch.Take();
        SqliteCli.Run(File, "UPDATE backends SET weight = 9 WHERE id = 'sa-1'");
        WaitFor(watch);
        Assert.True(_follower.Db.MayHaveChanged());
        _follower.Load();
        Assert.Contains("sa-1 10.50.1.1:8080 BR 9;", _follower.Backends, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhileAnotherProcessHoldsTheFile_KeepsTheTableAndTriesAgain()
    {
        using SqliteSession writer = new(File);
        writer.Run("BEGIN EXCLUSIVE; UPDATE backends SET weight = 9");
        StorageProblem problem = _follower.Load().Problem!;
        Assert.Equal(StorageProblemKind.Locked, problem.Kind);
        Assert.True(problem.IsTransient);
        Assert.True(_follower.Db.MayHaveChanged());
        Assert.Equal(3, _follower.Table!.BackendCount);
        writer.Run("COMMIT");
        Assert.Null(_follower.Load().Problem);
        Assert.Contains("sa-1 10.50.1.1:8080 BR 9;", _follower.Backends, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenAWriterDiedInACommit_SaysHowToFinishItAndRecovers()
    {
        SqliteCli.Run(File, Samples.ManyRows(5_000));
        _follower.LoadSettled();
        using (SqliteSession writer = new(File))
        {
            writer.Run("PRAGMA cache_size=2; BEGIN; UPDATE backends SET weight = 9");
            writer.Kill();
        }

        StorageProblem problem = _follower.Load().Problem!;
        Assert.Equal(StorageProblemKind.Denied, problem.Kind);
        Assert.Contains("PRAGMA quick_check", problem.Cure, StringComparison.Ordinal);
        Assert.Equal(5_003, _follower.Table!.BackendCount);
        SqliteCli.Run(File, "PRAGMA quick_check");
        Assert.True(_follower.Db.MayHaveChanged());
        Assert.Null(_follower.Load().Problem);
        Assert.Contains("sa-1 10.50.1.1:8080 BR 1;", _follower.Backends, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenFileIsReplacedByRename_TakesTheNewOne()
    {
        Replace("UPDATE backends SET weight = 9");
        Assert.True(_follower.Db.MayHaveChanged());
        Assert.Null(_follower.Load().Problem);
        Assert.Contains("sa-1 10.50.1.1:8080 BR 9;", _follower.Backends, StringComparison.Ordinal);
    }

    [Fact]
    public void MayHaveChanged_WhenTheNewFileHasTheOldOnesSizeAndTime_IsTrue()
    {
        DateTime modified = System.IO.File.GetLastWriteTimeUtc(File);
        long length = new FileInfo(File).Length;
        System.IO.File.Copy(File, Other);
        SqliteCli.Run(Other, "UPDATE backends SET weight = 9");
        System.IO.File.SetLastWriteTimeUtc(Other, modified);
        System.IO.File.Move(Other, File, overwrite: true);
        Assert.Equal((modified, length), (System.IO.File.GetLastWriteTimeUtc(File), new FileInfo(File).Length));
        Assert.True(_follower.Db.MayHaveChanged());
    }

    [Fact]
    public void Load_WhenALinkIsPointedElsewhere_TakesWhatItLeadsToNow()
    {
        string link = _directory.File("link.db");
        System.IO.File.CreateSymbolicLink(link, File);
        Follower follower = new(link);
        follower.LoadSettled();
        System.IO.File.Copy(File, Other);
        SqliteCli.Run(Other, "UPDATE backends SET weight = 9");
        System.IO.File.Delete(link);
        System.IO.File.CreateSymbolicLink(link, Other);
        Assert.True(follower.Db.MayHaveChanged());
        follower.Load();
        Assert.Contains("sa-1 10.50.1.1:8080 BR 9;", follower.Backends, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenFileIsGoneForAWhile_KeepsTheTableAndComesBackByItself()
    {
        System.IO.File.Move(File, Other);
        Assert.True(_follower.Db.MayHaveChanged());
        Assert.Equal(StorageProblemKind.Missing, _follower.Load().Problem!.Kind);
        Assert.False(_follower.Db.MayHaveChanged());
        Assert.Equal(3, _follower.Table!.BackendCount);
        System.IO.File.Move(Other, File);
        Assert.True(_follower.Db.MayHaveChanged());
        Assert.Null(_follower.Load().Problem);
    }

    [Fact]
    public void Load_WhenTheDirectoryIsRemovedAndMadeAgain_ComesBackByItself()
    {
        using TemporaryDirectory outer = new();
        string inner = Directory.CreateDirectory(outer.File("inner")).FullName;
        string file = Path.Combine(inner, "routing.db");
        System.IO.File.Copy(File, file);
        Follower follower = new(file);
        using FileWatch watch = new(file);
        follower.LoadSettled();
        watch.Take();
        Directory.Delete(inner, recursive: true);
        WaitFor(watch);
        Assert.Equal(StorageProblemKind.Missing, follower.Load().Problem!.Kind);

        Directory.CreateDirectory(inner);
        Assert.True(watch.Renew().Ok);
        System.IO.File.Copy(File, file);
        WaitFor(watch);
        Assert.True(follower.Db.MayHaveChanged());
        Assert.Null(follower.Load().Problem);
    }

    [Theory]
    [InlineData(0, StorageProblemKind.Structure)]
    [InlineData(50, StorageProblemKind.Corrupt)]
    [InlineData(4_096, StorageProblemKind.Corrupt)]
    [InlineData(20_000, StorageProblemKind.Corrupt)]
    public void Load_WhenFileIsTruncatedInPlace_KeepsTheTableUntilItIsWhole(int length, StorageProblemKind kind)
    {
        SqliteCli.Run(File, Samples.ManyRows(1_000));
        _follower.LoadSettled();
        byte[] whole = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, whole[..length]);
        Assert.True(_follower.Db.MayHaveChanged());
        Assert.Equal(kind, _follower.Load().Problem!.Kind);
        Assert.Equal(1_003, _follower.Table!.BackendCount);
        System.IO.File.WriteAllBytes(File, whole);
        Assert.True(_follower.Db.MayHaveChanged());
        Assert.Null(_follower.Load().Problem);
    }

    [Fact]
    public void Load_WhenTheOldFilesLogLiesBesideTheNewFile_RefusesToMixThem()
    {
        using SqliteSession writer = new(File);
        writer.Run("PRAGMA journal_mode=WAL; UPDATE backends SET weight = 5");
        _follower.LoadSettled();
        Assert.Contains("sa-1 10.50.1.1:8080 BR 5;", _follower.Backends, StringComparison.Ordinal);
        writer.Kill();
        SqliteCli.Run(Other, Samples.OriginalSchema + ";" + Samples.OriginalRows);
        System.IO.File.Move(Other, File, overwrite: true);

        for (int i = 0; i < 3; i++)
        {
            StorageProblem problem = _follower.Load().Problem!;
            Assert.Equal(StorageProblemKind.Corrupt, problem.Kind);
            Assert.Contains($"rm {Log}", problem.Cure, StringComparison.Ordinal);
        }

        System.IO.File.Delete(Log);
        System.IO.File.Delete(File + "-shm");
        Assert.True(_follower.Db.MayHaveChanged());
        Assert.Null(_follower.Load().Problem);
        Assert.Contains("sa-1 10.50.1.1:8080 BR 1;", _follower.Backends, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenDone_KeepsNobodyFromLeavingWriteAheadLogMode()
    {
        SqliteCli.Run(File, "PRAGMA journal_mode=WAL");
        _follower.LoadSettled();
        SqliteCli.Run(File, "UPDATE backends SET weight = 9");
        Assert.False(System.IO.File.Exists(Log));
        _follower.LoadSettled();
        Assert.Equal("delete", SqliteCli.Run(File, "PRAGMA journal_mode=DELETE"));
    }

    [Fact]
    public void MayHaveChanged_WhenAsked_AllocatesNothing()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++) { _follower.Db.MayHaveChanged(); }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Replace(string sql)
    {
        System.IO.File.Copy(File, Other);
        SqliteCli.Run(Other, sql);
        System.IO.File.Move(Other, File, overwrite: true);
    }

    private static void WaitFor(FileWatch watch)
    {
        while (true)
        {
            PollEntry[] entries = [new PollEntry(watch.Descriptor, PollEvents.Readable)];
            Assert.Equal(1, SlowPoll.Wait(entries, PollTimeoutMs).Value);
            if (watch.Take()) { return; }
        }
    }
}
