namespace EdgeProxy.Linux.Tests;

/// <summary>A Unix socket is there when it can be connected to, and not before.</summary>
public sealed class ListenUnixTests : IDisposable
{
    private const uint OwnerOnly = 0x180; // 0600

    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-unix-").FullName;

    private string SocketPath => Path.Combine(_directory, "a.sock");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Listener_WhenConnectedToWhileItIsMade_IsMissingOrThere()
    {
        const int Rounds = 500;
        List<Fd> listeners = [];
        Errno refused = Errno.None;
        using CancellationTokenSource over = new();
        Thread caller = new(() =>
        {
            while (!over.IsCancellationRequested)
            {
                SysResult connected = SlowSocket.ConnectUnix(SocketPath);
                if (connected.Ok) { SlowSocket.Close(new Fd(connected.Value)); }
                else if (connected.Error is not (Errno.ENOENT or Errno.EAGAIN)) { refused = connected.Error; }
            }
        });
        caller.Start();
        for (int round = 0; round < Rounds; round++)
        {
            SysResult opened = SlowSocket.ListenUnix(SocketPath, OwnerOnly, backlog: 16);
            Assert.Equal(Errno.None, opened.Error);

            // Closed at the end: one that goes while it is called refuses, rightly.
            listeners.Add(new Fd(opened.Value));
            File.Delete(SocketPath);
        }

        over.Cancel();
        caller.Join();
        listeners.ForEach(SlowSocket.Close);
        Assert.Equal(Errno.None, refused);
    }

    [Fact]
    public void Listener_WhenMade_LeavesItsOneNameAndMode()
    {
        SysResult opened = SlowSocket.ListenUnix(SocketPath, OwnerOnly, backlog: 16);
        Assert.Equal([SocketPath], Directory.GetFileSystemEntries(_directory));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));
        SlowSocket.Close(new Fd(opened.Value));
    }

    [Fact]
    public void Listener_WhenTheNameIsTaken_LeavesWhatIsThere()
    {
        File.WriteAllText(SocketPath, "needed");
        Assert.Equal(Errno.EADDRINUSE, SlowSocket.ListenUnix(SocketPath, OwnerOnly, backlog: 16).Error);
        Assert.Equal([SocketPath], Directory.GetFileSystemEntries(_directory));
        Assert.Equal("needed", File.ReadAllText(SocketPath));
    }
}
