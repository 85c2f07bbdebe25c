namespace EdgeProxy.Compare;

/// <summary>
/// What the peers are told. Each relays one address to one backend in the foreground, without logging, with as many
/// threads as the comparison asks for, and otherwise as its package and its own documentation have it.
/// </summary>
internal static class PeerConfigurations
{
    /// <summary>Connections each proxy must be able to hold: the idle figure's 9,000, within 20,000 descriptors.</summary>
    private const int ConnectionsMax = 9_800;

    /// <param name="connectionsMax">Each may take a descriptor per side, and spliced ones their pipes beside.</param>
    /// <param name="extraGlobal">Lines for the global section.</param>
    /// <param name="extraDefaults">Lines for the defaults section.</param>
    public static string Haproxy(
        Addresses addresses,
        int loops,
        string extraGlobal = "",
        string extraDefaults = "",
        int connectionsMax = ConnectionsMax) => $"""
        global
          maxconn {connectionsMax}
          nbthread {loops}
          {extraGlobal}
        defaults
          mode tcp
          timeout connect 5s
          timeout client 1h
          timeout server 1h
          {extraDefaults}
        frontend front
          bind {addresses.Proxy} backlog 4096
          default_backend back
        backend back
          server one {addresses.Backend}

        """;

    /// <summary>
    /// Bulk through pipes of 1 MB, the largest a process may ask for by default, and buffers of 64 KB, with which it
    /// was the fastest here.
    /// </summary>
    public static string HaproxySplice(Addresses addresses, int loops) => Haproxy(
        addresses,
        loops,
        "tune.pipesize 1048576\n  tune.bufsize 65536\n  maxpipes 1024",
        "option splice-auto",
        ConnectionsMax / 2);

    public static string HaproxyBusy(Addresses addresses, int loops) =>
        Haproxy(addresses, loops, extraGlobal: "busy-polling");

    public static string Nginx(Addresses addresses, int loops, string directory) => $$"""
        load_module /usr/lib/nginx/modules/ngx_stream_module.so;
        daemon off;
        user root;
        pid {{directory}}/nginx.pid;
        error_log stderr crit;
        worker_processes {{loops}};
        worker_rlimit_nofile {{2 * ConnectionsMax + 400}};
        events {
          worker_connections {{2 * ConnectionsMax + 200}};
        }
        stream {
          server {
            listen {{addresses.Proxy}} backlog=4096{{(loops > 1 ? " reuseport" : "")}};
            proxy_pass {{addresses.Backend}};
            proxy_timeout 1h;
          }
        }

        """;
}
