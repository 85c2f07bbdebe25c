using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Opens a Unix socket: owned by this user, closed to others, replacing what a dead program left behind.
/// </summary>
internal static class OwnedSocket
{
    private const uint OwnerOnly = 0x180; // 0600
    private const int Backlog = 16;

    /// <returns>The listener, or <see cref="Fd.None"/> with the error.</returns>
    public static Fd Open(string path, out Errno error)
    {
        SysResult opened = SlowSocket.ListenUnix(path, OwnerOnly, Backlog);
        if (opened.Error == Errno.EADDRINUSE && IsLeftOver(path))
        {
            File.Delete(path);
            opened = SlowSocket.ListenUnix(path, OwnerOnly, Backlog);
        }

        error = opened.Error;
        return opened.Ok ? new Fd(opened.Value) : Fd.None;
    }

    /// <summary>
    /// A socket nobody listens on. A file that is no socket refuses to be connected to with the same error, so it is
    /// left alone.
    /// </summary>
    private static bool IsLeftOver(string path)
    {
        SysResult connected = SlowSocket.ConnectUnix(path);
        if (connected.Ok) { SlowSocket.Close(new Fd(connected.Value)); }
        return connected.Error == Errno.ECONNREFUSED && SlowSocket.IsSocket(path);
    }
}
