using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane;

/// <summary>Opens the admin socket, or says why not.</summary>
internal static class AdminListener
{
    /// <returns>The listener, or <see cref="Fd.None"/> and why not, with the cure.</returns>
    public static Fd Open(string path, out string? problem)
    {
        Fd listener = OwnedSocket.Open(path, out Errno error);
        problem = error == Errno.None ? null : Explain(path, error);
        return listener;
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
