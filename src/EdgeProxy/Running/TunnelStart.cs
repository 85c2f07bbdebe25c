using EdgeProxy.ControlPlane;
using EdgeProxy.DataPlane;

namespace EdgeProxy;

/// <summary>Chooses what carries the backhaul's packets, and starts it; its keys come afterwards.</summary>
internal static class TunnelStart
{
    /// <param name="settings">What was set.</param>
    /// <param name="workers">Threads of the built-in engine.</param>
    /// <param name="handshakeFailed">To be called, by no loop, when a peer does not answer any more.</param>
    /// <param name="log">Told of routes that could not be made.</param>
    /// <param name="problem">Why there is no tunnel, with the cure.</param>
    public static RunningTunnel? Start(
        TunnelSettings settings, int workers, PeerAction handshakeFailed, EventLog log, out string? problem)
    {
        TunnelEngineSettings wanted = new()
        {
            InterfaceName = settings.Name,
            Workers = workers,
            ListenPort = settings.ListenPort,
            Mtu = settings.Mtu,
            Addresses = settings.Addresses,
            CallsNewPeers = true,
            HandshakeFailed = key => handshakeFailed(key),
            RouteProblem = text =>
                log.Begin(LogLevel.Error, "a route through the tunnel is missing").With("problem", text).Write(),
        };
        RunningTunnel? tunnel = null;
        problem = null;
        bool isThere = false;
        if (settings.Mode != WireGuardMode.Builtin)
        {
            KernelTunnel? kernel = KernelTunnel.Start(wanted, out isThere, out problem);
            if (kernel is not null) { tunnel = new RunningTunnel(RunningTunnel.Kernel, settings.Name, kernel, kernel); }
        }

        // What keeps the kernel's from starting, a port or a name that is taken, would keep ours as well.
        if (tunnel is null && settings.Mode != WireGuardMode.Kernel && !isThere)
        {
            TunnelEngine? engine = TunnelEngine.Start(wanted, out problem);
            if (engine is not null)
            {
                tunnel = new RunningTunnel(RunningTunnel.Builtin, engine.InterfaceName, engine, engine)
                {
                    Workers = engine.Counters,
                };
            }
        }

        return tunnel;
    }
}
