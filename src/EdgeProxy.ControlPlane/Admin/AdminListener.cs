using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane;

/// <summary>Opens the admin socket: owned by this user, closed to others, replacing what a dead proxy left behind.</summary>
internal static class AdminListener
{
    private const uint OwnerOnly = 0x180; // 0600
    private const int Backlog = 16;

    /// <returns>The listener, or <see cref="Fd.None"/> and why not, with the cure.</returns>
    public static Fd Open(string path, out string? problem)
    {
        SysResult opened = SlowSocket.ListenUnix(path, OwnerOnly, Backlog);
        if (opened.Error == Errno.EADDRINUSE && IsLeftOver(path))
        {
            File.Delete(path);
            opened = SlowSocket.ListenUnix(path, OwnerOnly, Backlog);
        }

        problem = opened.Ok ? null : Explain(path, opened.Error);
        return opened.Ok ? new Fd(opened.Value) : Fd.None;
    }

    /// <summary>A socket nobody listens on. A file that is no socket refuses to be connected to with the same error, so it is left alone.</summary>
    private static bool IsLeftOver(string path)
    {
        SysResult connected = SlowSocket.ConnectUnix(path);
        if (connected.Ok) { SlowSocket.Close(new Fd(connected.Value)); }
        return connected.Error == Errno.ECONNREFUSED && SlowSocket.IsSocket(path);
    }

    private static string Explain(string path, Errno error) => error switch
    {
        Errno.EADDRINUSE => $"the admin socket {path} is in use: another proxy runs with it, or the file is not a socket. "
            + "Stop the other, remove the file, or set EDGEPROXY_ADMIN_SOCKET",
        Errno.ENOENT => $"the admin socket {path} cannot be made: its directory does not exist. Create it, or set EDGEPROXY_ADMIN_SOCKET",
        Errno.EACCES or Errno.EPERM => $"the admin socket {path} cannot be made: no permission to write its directory. "
            + "Grant it, or set EDGEPROXY_ADMIN_SOCKET",
        Errno.EINVAL => $"the admin socket {path} cannot be made: its path is longer than {SlowSocket.UnixPathBytesMax} bytes. "
            + "Set EDGEPROXY_ADMIN_SOCKET to a shorter one",
        _ => $"the admin socket {path} cannot be made ({error}). Set EDGEPROXY_ADMIN_SOCKET to another path, or to off",
    };
}
