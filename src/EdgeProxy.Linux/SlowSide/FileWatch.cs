using System.Buffers.Binary;
using System.Text;

namespace EdgeProxy.Linux;

/// <summary>
/// Wakes a thread when a file may have changed (inotify(7)): written by any process, replaced by a rename, removed, put
/// back, or its directory removed. A hint and no more, so what follows a file also looks at it from time to time:
/// network file systems send no events, nor does a mapped write, nor a file behind a link whose log lies beside it.
/// </summary>
/// <remarks>
/// Events of one commit come in a burst; wait a few ms after the first before looking. One thread.
/// </remarks>
public sealed unsafe class FileWatch : IDisposable
{
    private const int HeaderBytes = 16;
    private const int EventsBytes = 16 * 1024; // Some 60 of the longest events, 500 of the usual ones.
    private const int ReadsMax = 16;

    private const uint DirectoryEvents = Kernel.IN_MODIFY | Kernel.IN_ATTRIB | Kernel.IN_CLOSE_WRITE | Kernel.IN_MOVED_FROM
        | Kernel.IN_MOVED_TO | Kernel.IN_CREATE | Kernel.IN_DELETE | Kernel.IN_DELETE_SELF | Kernel.IN_MOVE_SELF;

    private readonly byte[] _directory;
    private readonly byte[] _path;
    private readonly byte[] _name;
    private readonly byte[] _events = new byte[EventsBytes];
    private int _fd = -1;

    /// <param name="path">The file; it need not exist, nor need its directory.</param>
    public FileWatch(string path)
    {
        string full = Path.GetFullPath(path);
        _path = Encoding.UTF8.GetBytes(full + '\0');
        _directory = Encoding.UTF8.GetBytes((Path.GetDirectoryName(full) ?? "/") + '\0');
        _name = Encoding.UTF8.GetBytes(Path.GetFileName(full));
        _ = Renew();
    }

    /// <summary>
    /// Readable when there is something to <see cref="Take"/>; none when the kernel has no watch left to give.
    /// </summary>
    public Fd Descriptor => new(_fd);

    /// <summary>
    /// Sets the watch up again where it was lost: the directory was replaced, or the kernel had none to give. Changes
    /// nothing where it still stands; call it with every look that is not caused by an event.
    /// </summary>
    /// <returns>
    /// EMFILE: fs.inotify.max_user_instances is used up; ENOSPC: fs.inotify.max_user_watches; ENOENT: no such
    /// directory.
    /// </returns>
    public SysResult Renew()
    {
        if (_fd < 0)
        {
            SysResult opened = Libc.Result(Libc.inotify_init1(Kernel.IN_NONBLOCK | Kernel.IN_CLOEXEC));
            if (!opened.Ok) { return opened; }
            _fd = opened.Value;
        }

        // The file itself as well: when it is a link, its directory does not tell of writes to what it leads to.
        fixed (byte* file = _path) { _ = Libc.inotify_add_watch(_fd, file, Kernel.IN_MODIFY | Kernel.IN_CLOSE_WRITE); }
        fixed (byte* directory = _directory) { return Libc.Result(Libc.inotify_add_watch(_fd, directory, DirectoryEvents)); }
    }

    /// <summary>Takes the events that have come; true when the file may have changed.</summary>
    public bool Take()
    {
        bool concerns = false;
        fixed (byte* events = _events)
        {
            for (int i = 0; i < ReadsMax; i++) // What is left after that keeps the descriptor readable.
            {
                SysResult got = Libc.Result(Libc.read(_fd, events, EventsBytes));
                if (got.Value <= 0) { break; }
                concerns |= Concerns(_events.AsSpan(0, got.Value));
            }
        }

        if (concerns) { _ = Renew(); } // A new file of the old name is not watched yet.
        return concerns;
    }

    public void Dispose()
    {
        if (_fd >= 0) { _ = Libc.close(_fd); }
        _fd = -1;
    }

    /// <summary>
    /// struct inotify_event: watch, mask, cookie and the length of the name, which follows padded with zeros.
    /// </summary>
    private bool Concerns(ReadOnlySpan<byte> events)
    {
        while (!events.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(events[12..]);
            if (IsOurs(events.Slice(HeaderBytes, length).TrimEnd((byte)0))) { return true; }
            events = events[(HeaderBytes + length)..];
        }

        return false;
    }

    /// <summary>
    /// Nameless events tell of the directory, the file itself, or that events were lost. "..data" is the link by which
    /// mounted volumes swap all their files at once.
    /// </summary>
    private bool IsOurs(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.StartsWith(".."u8)) { return true; }
        if (!name.StartsWith(_name)) { return false; }
        ReadOnlySpan<byte> suffix = name[_name.Length..];
        return suffix.IsEmpty || suffix.SequenceEqual("-wal"u8) || suffix.SequenceEqual("-journal"u8);
    }
}
