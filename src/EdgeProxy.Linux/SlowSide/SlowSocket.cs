using System.Runtime.InteropServices;
using System.Text;

namespace EdgeProxy.Linux;

/// <summary>
/// Stream sockets for the threads beside the loops (metrics page, admin socket) and for the command line: plain system
/// calls on plain descriptors. None waits, except <see cref="Write"/>. System.Net.Sockets would cost this binary 0.24
/// MB and an allocation per call; see docs/decisions/0040-control-plane-threads-and-sockets.md.
/// </summary>
public static unsafe class SlowSocket
{
    /// <summary>Longest path a Unix socket can have, in bytes: sun_path (unix(7)) less its closing zero.</summary>
    public const int UnixPathBytesMax = 107;

    private const int StatusBytes = 256; // struct stat is 144 bytes on x86-64 and 128 on arm64.

    /// <summary>
    /// Opens a listening Unix socket at <paramref name="path"/>, which must not exist, with <paramref name="mode"/> as
    /// its permissions from the first moment: the mode is set on the socket before the bind makes the file, which takes
    /// it over less the umask (unix_bind in net/unix/af_unix.c). EADDRINUSE: the file exists; EINVAL: the path is too
    /// long.
    /// </summary>
    /// <remarks>
    /// A socket that is bound and does not listen yet refuses connections as one does that a dead program left behind,
    /// and whoever finds such a one clears it away (so does `wg`). So it gets its name when it listens.
    /// </remarks>
    public static SysResult ListenUnix(string path, uint mode, int backlog)
    {
        UnixAddress address = default;
        UnixAddress unready = default;
        if (!TryWrite(path, ref address) || !TryWrite(NameUntilReady(path), ref unready))
        {
            return SysResult.Failed(Errno.EINVAL);
        }

        if (TryReadMode(address.Path, out _)) { return SysResult.Failed(Errno.EADDRINUSE); }
        if (TryReadMode(unready.Path, out uint left) && IsSocket(left)) { _ = Libc.unlink(unready.Path); }
        SysResult opened = OpenUnix();
        if (!opened.Ok) { return opened; }
        int fd = opened.Value;
        if (Libc.fchmod(fd, mode) != 0 || Libc.bind(fd, &unready, sizeof(UnixAddress)) != 0) { return Abandon(fd); }
        bool listening = Libc.listen(fd, backlog) == 0 && Libc.link(unready.Path, address.Path) == 0;
        SysResult result = listening ? opened : Abandon(fd);
        _ = Libc.unlink(unready.Path);
        return result.Error == Errno.EEXIST ? SysResult.Failed(Errno.EADDRINUSE) : result;
    }

    /// <summary>
    /// Connects to a Unix socket. ENOENT: no such file; ECONNREFUSED: nobody listens any more; EAGAIN: its queue is
    /// full.
    /// </summary>
    public static SysResult ConnectUnix(string path)
    {
        UnixAddress address = default;
        if (!TryWrite(path, ref address)) { return SysResult.Failed(Errno.EINVAL); }
        SysResult opened = OpenUnix();
        if (!opened.Ok) { return opened; }
        return Libc.connect(opened.Value, &address, sizeof(UnixAddress)) == 0 ? opened : Abandon(opened.Value);
    }

    /// <summary>A socket that only holds a descriptor, to be given up for another when none is left.</summary>
    public static SysResult OpenSpare() =>
        Libc.Result(Libc.socket(Kernel.AF_UNIX, Kernel.SOCK_STREAM | Kernel.SOCK_CLOEXEC, 0));

    /// <summary>Takes one waiting connection of a non-blocking listener; EAGAIN when there is none.</summary>
    public static SysResult Accept(Fd listener) =>
        Libc.Result(Libc.accept4(listener.Number, null, null, Kernel.SOCK_NONBLOCK | Kernel.SOCK_CLOEXEC));

    /// <summary>Receives what is there; 0 is the peer's end, EAGAIN nothing yet.</summary>
    public static SysResult Receive(Fd socket, Span<byte> into)
    {
        fixed (byte* first = into)
        {
            return Libc.Result(Libc.recv(socket.Number, first, (nuint)into.Length, Kernel.MSG_DONTWAIT));
        }
    }

    /// <summary>Sends what the socket takes now; EAGAIN when that is nothing.</summary>
    public static SysResult Send(Fd socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            int flags = Kernel.MSG_NOSIGNAL | Kernel.MSG_DONTWAIT;
            return Libc.Result(Libc.send(socket.Number, first, (nuint)bytes.Length, flags));
        }
    }

    /// <summary>Writes to any descriptor (a pipe, a terminal, a file); may wait.</summary>
    public static SysResult Write(Fd descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            SysResult written;
            do { written = Libc.Result(Libc.write_waiting(descriptor.Number, first, (nuint)bytes.Length)); }
            while (written.Error == Errno.EINTR);
            return written;
        }
    }

    /// <summary>Says that nothing more will be sent (a FIN after what is queued).</summary>
    public static void ShutdownSend(Fd socket) => _ = Libc.shutdown(socket.Number, Kernel.SHUT_WR);

    public static void Close(Fd socket) => _ = Libc.close(socket.Number);

    /// <summary>Whether a path names a Unix socket, and not a file somebody needs (stat(2), S_IFSOCK).</summary>
    public static bool IsSocket(string path)
    {
        int bytes = Encoding.UTF8.GetByteCount(path) + 1;
        Span<byte> text = bytes <= UnixPathBytesMax + 1 ? stackalloc byte[UnixPathBytesMax + 1] : new byte[bytes];
        text[Encoding.UTF8.GetBytes(path, text)] = 0;
        fixed (byte* first = text)
        {
            return TryReadMode(first, out uint mode) && IsSocket(mode);
        }
    }

    /// <summary>The user the other end of a Unix socket ran as when it connected (SO_PEERCRED, unix(7)).</summary>
    public static SysResult PeerUser(Fd socket, out uint user)
    {
        UserCredentials credentials = default;
        int length = sizeof(UserCredentials);
        SysResult got = Libc.Result(
            Libc.getsockopt(socket.Number, Kernel.SOL_SOCKET, Kernel.SO_PEERCRED, &credentials, &length));
        user = credentials.User;
        return got;
    }

    /// <summary>The user this process acts as (geteuid(2)).</summary>
    public static uint OwnUser => Libc.geteuid();

    private static SysResult OpenUnix() => Libc.Result(
        Libc.socket(Kernel.AF_UNIX, Kernel.SOCK_STREAM | Kernel.SOCK_NONBLOCK | Kernel.SOCK_CLOEXEC, 0));

    private static SysResult Abandon(int fd)
    {
        SysResult error = SysResult.Failed(Libc.LastError);
        _ = Libc.close(fd);
        return error;
    }

    private static bool IsSocket(uint mode) => (mode & Kernel.S_IFMT) == Kernel.S_IFSOCK;

    /// <summary>In the same directory and no longer, so that it can be bound wherever the path can.</summary>
    private static string NameUntilReady(string path) =>
        path.Length == 0 ? path : path[..^1] + (path[^1] == '~' ? '-' : '~');

    /// <summary>What a path names itself, links not followed; false when it names nothing that can be seen.</summary>
    private static bool TryReadMode(byte* path, out uint mode)
    {
        byte* status = stackalloc byte[StatusBytes];
        bool found = Libc.lstat(path, status) == 0;
        mode = !found ? 0
            : RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                ? *(uint*)(status + 16) // st_mode stands before st_nlink there and after it here.
                : *(uint*)(status + 24);
        return found;
    }

    private static bool TryWrite(string path, ref UnixAddress address)
    {
        if (path.Length == 0 || path.Contains('\0') || Encoding.UTF8.GetByteCount(path) > UnixPathBytesMax) { return false; }
        address.Family = Kernel.AF_UNIX;
        fixed (byte* target = address.Path)
        {
            _ = Encoding.UTF8.GetBytes(path, new Span<byte>(target, UnixPathBytesMax));
        }

        return true;
    }

    /// <summary><c>struct sockaddr_un</c> (unix(7)): 110 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 2)]
    private struct UnixAddress
    {
        public ushort Family;
        public fixed byte Path[UnixPathBytesMax + 1];
    }

    /// <summary><c>struct ucred</c> (unix(7)): 12 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct UserCredentials
    {
        public int Process;
        public uint User;
        public uint Group;
    }
}
