using EdgeProxy.Linux;

namespace EdgeProxy.DataPlane;

/// <summary>What to tell a person whose tunnel did not start.</summary>
internal static class TunnelProblemText
{
    /// <returns>Null when there is no problem.</returns>
    public static string? Of(TunProblem problem, Errno error, string name) => problem switch
    {
        TunProblem.None => null,
        TunProblem.NoDevice =>
            "the tunnel needs /dev/net/tun, which is not there. Load the module (modprobe tun), or give the container "
            + "the device (docker run --device /dev/net/tun)",
        TunProblem.NoRight =>
            "the tunnel may not make a network interface. Run as root or give the binary the right: "
            + "setcap cap_net_admin+ep edgeproxy, or AmbientCapabilities=CAP_NET_ADMIN in the systemd unit",
        TunProblem.NameTaken =>
            $"the interface {name} belongs to another program. End it (ip link delete {name}), or set "
            + "EDGEPROXY_WIREGUARD_INTERFACE to another name",
        TunProblem.NameUnusable =>
            $"an interface {name} exists that is no tunnel of this kind, or {name} is no name for one. Set "
            + "EDGEPROXY_WIREGUARD_INTERFACE to a free name",
        _ => $"the interface {name} cannot be made ({error})",
    };

    public static string OfPort(Errno error, ushort port) => error switch
    {
        Errno.EADDRINUSE =>
            $"UDP port {port} is in use. End what listens there (ss -lunp sport = :{port}), or set "
            + "EDGEPROXY_WIREGUARD_LISTEN_PORT to another",
        Errno.EACCES => $"UDP port {port} may not be opened. Take one above 1023: EDGEPROXY_WIREGUARD_LISTEN_PORT",
        _ => $"UDP port {port} cannot be opened ({error}); EDGEPROXY_WIREGUARD_LISTEN_PORT chooses another",
    };
}
