using System.Net;
using System.Net.Sockets;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>What keeps a tunnel from starting is said with its cure, and plain TCP is served all the same.</summary>
public sealed class NoTunnelTests
{
    private const string Missing = "there is no tunnel";

    [Fact]
    public void Proxy_WhenTheUdpPortIsTaken_SaysSoAndServes()
    {
        using NetworkHost host = new(1);
        using Socket taken = host.Here(static () => TunnelTraffic.Datagrams(IPAddress.Any));
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        string said = Serve(host, [], ("WIREGUARD_LISTEN_PORT", $"{port}"));
        Assert.Contains($"UDP port {port} is in use", said, StringComparison.Ordinal);
        Assert.Contains("EDGEPROXY_WIREGUARD_LISTEN_PORT", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Proxy_WhenItMayNotMakeAnInterface_SaysSoAndServes()
    {
        using NetworkHost host = new(1);
        string said = Serve(host, ["setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", "--"]);
        Assert.Contains("setcap cap_net_admin", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Proxy_WhenThereIsNoTunDevice_SaysSoAndServes()
    {
        using NetworkHost host = new(1);
        const string emptied = "mount -t tmpfs none /dev/net && exec \"$@\"";
        string said = Serve(host, ["unshare", "--mount", "sh", "-c", emptied, "sh"]);
        Assert.Contains("modprobe tun", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Proxy_WhenAnotherProgramHasTheInterface_SaysSoAndServes()
    {
        using NetworkHost host = new(1);
        using TunnelEnd other = new(host, "wireguard-go");
        string said = Serve(host, [], ("WIREGUARD_INTERFACE", other.Interface), ("WIREGUARD_LISTEN_PORT", "0"));
        Assert.Contains(other.Interface, said, StringComparison.Ordinal);
        Assert.Contains("EDGEPROXY_WIREGUARD_INTERFACE", said, StringComparison.Ordinal);
        Assert.Equal(0, Programs.Run("wg", "show", other.Interface).ExitCode); // It is none the worse.
    }

    [Fact]
    public void Proxy_WhenTheNameIsOfAnInterfaceOfAnotherKind_SaysSoAndServes()
    {
        using TwoHosts hosts = new();
        string said = Serve(hosts.A, [], ("WIREGUARD_INTERFACE", TwoHosts.Cable));
        Assert.Contains("EDGEPROXY_WIREGUARD_INTERFACE", said, StringComparison.Ordinal);
        Assert.Contains(TwoHosts.Cable, hosts.A.Ip("link show up"), StringComparison.Ordinal);
    }

    [Fact]
    public void Proxy_WhenItsAddressIsTheHostsAlready_SaysSoAndServes()
    {
        using TwoHosts hosts = new();
        string said = Serve(hosts.A, [], ("WIREGUARD_ADDRESS", $"{hosts.A.Outside}/24"));
        Assert.Contains($"{hosts.A.Outside} is this host's already", said, StringComparison.Ordinal);
        Assert.Contains("EDGEPROXY_WIREGUARD_ADDRESS", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Proxy_WhenItsNetworkIsRoutedElsewhere_SaysSoAndServes()
    {
        using TwoHosts hosts = new();
        string said = Serve(hosts.A, [], ("WIREGUARD_ADDRESS", "10.99.0.77/24"));
        Assert.Contains("ip route show 10.99.0.0/24", said, StringComparison.Ordinal);
    }

    /// <summary>Starts, serves a client of a plain-TCP backend, and ends in order.</summary>
    /// <returns>What was said about the tunnel.</returns>
    private static string Serve(NetworkHost host, string[] before, params (string Name, string Value)[] settings)
    {
        IPEndPoint backendAt = new(IPAddress.Loopback, 7000);
        using ChildProcess backend = host.Start(Programs.Load, "echo", "--listen", backendAt.ToString());
        backend.WaitFor("listening ");
        using Workspace workspace = Workspace.Create(Rows.Backend("plain", "sa", backendAt));
        using ProxyProcess proxy = ProxyProcess.StartOn(
            host, workspace, before,
            [
                ("WIREGUARD", "builtin"), ("WIREGUARD_ADDRESS", $"{host.Inside}/24"),
                ("WIREGUARD_INTERFACE", TunnelEnd.NewInterface()),
                ("WIREGUARD_KEY_FILE", Path.Combine(workspace.Root, "key")), .. settings,
            ]);
        string said = proxy.Log.Single(static line => line.Contains(Missing, StringComparison.Ordinal));
        using (Socket client = host.Here(() => Wire.Connect(proxy.Client)))
        {
            client.Write("served\n");
            Assert.Equal("served", client.ReadLine());
        }

        proxy.End(Missing);
        return said;
    }
}
