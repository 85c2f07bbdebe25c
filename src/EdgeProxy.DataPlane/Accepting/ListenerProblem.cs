using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>Why an address is not accepted on.</summary>
public sealed record ListenerProblem(string App, IpEndpoint Endpoint, Errno Error)
{
    /// <summary>The reason and its cure, for people.</summary>
    public string Message => Error switch
    {
        Errno.EADDRINUSE =>
            $"app '{App}': {Endpoint} is in use by another program or another app; stop it or listen elsewhere "
            + $"(`ss -ltnp 'sport = :{Endpoint.Port}'` shows who holds it)",
        Errno.EACCES =>
            $"app '{App}': no right to listen on {Endpoint}; ports under 1024 need CAP_NET_BIND_SERVICE",
        Errno.EADDRNOTAVAIL =>
            $"app '{App}': {Endpoint.Address} is not an address of this host; add it to an interface or listen elsewhere",
        Errno.EMFILE or Errno.ENFILE =>
            $"app '{App}': no descriptor left to listen on {Endpoint}; raise RLIMIT_NOFILE",
        _ => $"app '{App}': cannot listen on {Endpoint}: {Error}",
    };
}
