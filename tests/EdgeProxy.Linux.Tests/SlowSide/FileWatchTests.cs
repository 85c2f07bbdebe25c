using System.Globalization;

namespace EdgeProxy.Linux.Tests;

public sealed class FileWatchTests : IDisposable
{
    private const int PollTimeoutMs = 60_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-watch-").FullName;

    private string Watched => Path.Combine(_directory, "routing.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("routing.db")]
    [InlineData("routing.db-wal")]
    [InlineData("routing.db-journal")]
    [InlineData("..data")]
    public void Take_WhenAFileThatConcernsTheWatchedOneIsWritten_SaysSo(string name)
    {
        using FileWatch watch = new(Watched);
        File.WriteAllText(Path.Combine(_directory, name), "x");
        Assert.True(IsReadable(watch));
        Assert.True(watch.Take());
        Assert.False(watch.Take());
    }

    [Theory]
    [InlineData("routing.db-shm")]
    [InlineData("routing.db.last-good.new")]
    [InlineData("routing.dbx")]
    [InlineData("another.log")]
    public void Take_WhenOtherFilesAreWritten_IsNotDisturbed(string name)
    {
        using FileWatch watch = new(Watched);
        File.WriteAllText(Path.Combine(_directory, name), "x");
        Assert.True(IsReadable(watch));
        Assert.False(watch.Take());
        File.Delete(Path.Combine(_directory, name));
        Assert.False(watch.Take());
    }

    [Fact]
    public void Take_WhenTheFileIsReplacedAndThenWritten_SaysSoBothTimes()
    {
        File.WriteAllText(Watched, "old");
        using FileWatch watch = new(Watched);
        File.WriteAllText(Watched + ".x", "new");
        File.Move(Watched + ".x", Watched, overwrite: true);
        Assert.True(watch.Take());
        File.AppendAllText(Watched, "more");
        Assert.True(watch.Take());
        File.Delete(Watched);
        Assert.True(watch.Take());
    }

    [Fact]
    public void Take_WhenTheFileIsALink_SeesWritesToWhatItLeadsTo()
    {
        string elsewhere = Directory.CreateDirectory(Path.Combine(_directory, "elsewhere")).FullName;
        string target = Path.Combine(elsewhere, "real.db");
        File.WriteAllText(target, "x");
        File.CreateSymbolicLink(Watched, target);
        using FileWatch watch = new(Watched);
        File.AppendAllText(target, "y");
        Assert.True(watch.Take());
    }

    [Fact]
    public void Renew_WhenTheDirectoryComesLater_StartsWatchingThen()
    {
        string later = Path.Combine(_directory, "later");
        using FileWatch watch = new(Path.Combine(later, "routing.db"));
        Assert.Equal(Errno.ENOENT, watch.Renew().Error);
        Directory.CreateDirectory(later);
        Assert.True(watch.Renew().Ok);
        File.WriteAllText(Path.Combine(later, "routing.db"), "x");
        Assert.True(watch.Take());
    }

    [Fact]
    public void Take_WhenMoreEventsComeThanTheKernelKeeps_SaysThatSomethingMayHaveChanged()
    {
        int events = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"), CultureInfo.InvariantCulture);
        string[] others = [Path.Combine(_directory, "a"), Path.Combine(_directory, "b")];
        foreach (string other in others) { File.WriteAllText(other, "x"); }
        using FileWatch watch = new(Watched);
        for (int i = 0; i <= events; i++) // By turns: the kernel joins equal events that follow each other.
        {
            File.SetLastWriteTimeUtc(others[i % 2], DateTime.UnixEpoch);
        }

        File.WriteAllText(Watched, "x");
        bool concerns = false;
        while (IsReadable(watch, timeoutMs: 0)) { concerns |= watch.Take(); }
        Assert.True(concerns);
    }

    [Fact]
    public void Read_WhenAFileIsReplacedByItsTwin_TellsThemApart()
    {
        File.WriteAllText(Watched, "twin");
        FileFacts first = FileFacts.Read(Watched);
        Assert.Equal((4L, new FileInfo(Watched).LastWriteTimeUtc), (first.Length, DateTime.UnixEpoch.AddTicks(first.ModifiedNs / 100)));
        string other = Watched + ".x";
        File.WriteAllText(other, "twin");
        File.SetLastWriteTimeUtc(other, File.GetLastWriteTimeUtc(Watched));
        File.Move(other, Watched, overwrite: true);
        FileFacts second = FileFacts.Read(Watched);
        Assert.NotEqual(first.Inode, second.Inode);
        Assert.Equal(first.Device, second.Device);
        File.Delete(Watched);
        Assert.Equal(default, FileFacts.Read(Watched));
    }

    private static bool IsReadable(FileWatch watch, int timeoutMs = PollTimeoutMs)
    {
        PollEntry[] entries = [new PollEntry(watch.Descriptor, PollEvents.Readable)];
        return SlowPoll.Wait(entries, timeoutMs).Value == 1;
    }
}
