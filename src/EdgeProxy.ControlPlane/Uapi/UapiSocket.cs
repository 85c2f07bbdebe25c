using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane;

/// <summary>Where `wg` looks for a device that is a program: <c>/var/run/wireguard/NAME.sock</c>.</summary>
public static class UapiSocket
{
    /// <summary>Fixed in every `wg`.</summary>
    public const string DirectoryDefault = "/var/run/wireguard";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static string PathOf(string directory, string device) => Path.Combine(directory, device + ".sock");

    /// <returns>The listener, or <see cref="Fd.None"/> and why not, with the cure.</returns>
    internal static Fd Open(string directory, string device, out string? problem)
    {
        string path = PathOf(directory, device);
        problem = null;
        try
        {
            _ = Directory.CreateDirectory(directory, OwnerOnly); // One that is there keeps its mode: it is others' too.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = $"`wg` will not see the tunnel: {directory} cannot be made. Make it for this user: "
                + $"install -d -m 0700 -o USER {directory} (systemd: RuntimeDirectory=wireguard)";
            return Fd.None;
        }

        Fd listener = OwnedSocket.Open(path, out Errno failure);
        if (failure != Errno.None) { problem = $"`wg` will not see the tunnel: {path} {Reason(failure)}"; }
        return listener;
    }

    private static string Reason(Errno error) => error switch
    {
        Errno.EADDRINUSE =>
            "is in use: another program has a device of that name. Stop it, or set EDGEPROXY_WIREGUARD_INTERFACE",
        Errno.EACCES or Errno.EPERM =>
            "cannot be made: no permission to write its directory. Give the directory to this user",
        _ => $"cannot be made ({error})",
    };
}
