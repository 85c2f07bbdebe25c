using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Peers come, change and go by rows of routing.db while the proxy runs.</summary>
public sealed class PeerTableTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Peer_WhenItsRowGoesAndComesBack_IsCutWithinASecondAndServedAgain()
    {
        using TwoHosts hosts = new();
        using Pop a = new(hosts.A, "");
        using Pop b = new(hosts.B, Pop.RowOf(a));
        a.Knows(b);
        using Socket sender = hosts.A.Here(() => TunnelTraffic.Datagrams(hosts.A.Inside));
        using Socket receiver = hosts.B.Here(() => TunnelTraffic.Datagrams(hosts.B.Inside));
        Arrives(sender, receiver, "before");

        a.Proxy.Workspace.Sql("DELETE FROM peers");
        Patience.Within(s_second, () => a.Show(b.PublicKey) is null, () => "the peer cut\n" + a.Proxy.Log[^1]);
        Send(sender, receiver, "meanwhile"); // Nothing leads there, which is what the next to arrive shows.
        a.Knows(b);
        Assert.DoesNotContain("meanwhile", Arrives(sender, receiver, "after"));
        a.Proxy.End();
    }

    [Fact]
    public void Peer_WhenItsBlocksChange_IsRoutedToAndBelievedByTheNewOnes()
    {
        const string old = "10.88.0.0/24", now = "10.89.0.0/24";
        using TwoHosts hosts = new();
        using Pop a = new(hosts.A, "");
        using TunnelEnd b = new(hosts.B, "wireguard-go");
        b.Set("peer", a.PublicKey, "allowed-ips", $"{hosts.A.Inside}/32");
        hosts.B.Ip($"address add 10.88.0.1/24 dev {b.Interface}");
        hosts.B.Ip($"address add 10.89.0.1/24 dev {b.Interface}");
        a.Proxy.Edit(Pop.Row("b", b.PublicKey, old, b.At));
        using Socket sender = hosts.A.Here(() => TunnelTraffic.Datagrams(hosts.A.Inside));
        using Socket toOld = hosts.B.Here(() => TunnelTraffic.Datagrams(System.Net.IPAddress.Parse("10.88.0.1")));
        using Socket toNew = hosts.B.Here(() => TunnelTraffic.Datagrams(System.Net.IPAddress.Parse("10.89.0.1")));
        Arrives(sender, toOld, "old");
        Arrives(toOld, sender, "from old");
        Assert.Contains(old, hosts.A.Ip($"route show dev {a.Interface}"), StringComparison.Ordinal);

        a.Proxy.Edit($"UPDATE peers SET allowed_ips = '{now}'");
        Patience.Within(s_second, () => a.Show(b.PublicKey)!.AllowedIps == now, () => $"{a.Show(b.PublicKey)}");
        Arrives(sender, toNew, "new");
        Send(toOld, sender, "from the old block");
        Assert.DoesNotContain("from the old block", Arrives(toNew, sender, "from new"));
        string routes = hosts.A.Ip($"route show dev {a.Interface}");
        Assert.Contains(now, routes, StringComparison.Ordinal);
        Assert.DoesNotContain(old, routes, StringComparison.Ordinal);
        a.Proxy.End();
    }

    [Fact]
    public void Peer_WhenAnotherProgramHasARouteToItsBlock_LeavesItAloneAndNamesTheCure()
    {
        const string block = "10.88.0.0/24";
        using TwoHosts hosts = new();
        hosts.A.Ip($"route add {block} via {hosts.B.Outside}");
        using Pop a = new(hosts.A, "");
        using TunnelEnd b = new(hosts.B, "edgeproxy");
        a.Proxy.Edit(Pop.Row("b", b.PublicKey, block, b.At));
        string said = a.Proxy.WaitFor("a route through the tunnel is missing");
        Assert.Contains($"ip route show {block}", said, StringComparison.Ordinal);
        Assert.Contains($"via {hosts.B.Outside}", hosts.A.Ip($"route show {block}"), StringComparison.Ordinal);
        a.Proxy.End("a route through the tunnel is missing");
        Assert.Contains($"via {hosts.B.Outside}", hosts.A.Ip($"route show {block}"), StringComparison.Ordinal);
    }

    /// <summary>Sends it until it arrives; a datagram may be lost while a session is made.</summary>
    /// <returns>Everything that arrived until then, without numbers.</returns>
    private static List<string> Arrives(Socket sender, Socket receiver, string text)
    {
        List<string> arrived = [];
        byte[] buffer = new byte[100];
        Patience.Until(
            () =>
            {
                Send(sender, receiver, text);
                try
                {
                    do { arrived.Add(Encoding.ASCII.GetString(buffer, 0, receiver.Receive(buffer))); }
                    while (receiver.Available > 0);
                }
                catch (SocketException late) when (late.SocketErrorCode == SocketError.TimedOut)
                {
                }

                return arrived.Contains(text);
            },
            () => string.Create(CultureInfo.InvariantCulture, $"'{text}'; there came {string.Join(',', arrived)}"));
        return arrived;
    }

    private static void Send(Socket sender, Socket receiver, string text)
    {
        try
        {
            sender.SendTo(Encoding.ASCII.GetBytes(text), receiver.LocalEndPoint!);
        }
        catch (SocketException unreachable) when (
            unreachable.SocketErrorCode is SocketError.NetworkUnreachable or SocketError.HostUnreachable)
        {
            // As good as lost.
        }
    }
}
