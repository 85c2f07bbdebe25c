using System.Net;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Ends that move, fall silent, and fall over.</summary>
public sealed class ChangeTests
{
    private const int Bytes = 512 * 1024;
    private const int Seed = 20261125;

    /// <summary>One connection lives through both moves. Who has moved is heard of with its next packet.</summary>
    [Theory, MemberData(nameof(TunnelPair.Roles), MemberType = typeof(TunnelPair))]
    public void Tunnel_WhenAnEndGetsAnotherAddress_GoesOn(string near, string far)
    {
        using TunnelPair pair = new TunnelPair(near, far).Join();
        using TcpPair connection = TcpPair.Connect(pair.Near.Host, pair.Far.Host, pair.Far.Host.Inside);
        connection.Exchange(Bytes, Seed);
        IPEndPoint nearNow = pair.Near.Move();
        connection.Exchange(Bytes, Seed);
        Assert.Equal(nearNow.ToString(), pair.Far.Show(pair.Near).Endpoint);
        IPEndPoint farNow = pair.Far.Move();
        connection.Exchange(Bytes, Seed);
        Assert.Equal(farNow.ToString(), pair.Near.Show(pair.Far).Endpoint);
    }

    /// <summary>An answer from another address than was called would not pass a firewall on the way.</summary>
    [Theory, MemberData(nameof(TunnelPair.Roles), MemberType = typeof(TunnelPair))]
    public void Tunnel_WhenCalledAtASecondAddress_AnswersFromIt(string near, string far)
    {
        using TunnelPair pair = new(near, far);
        IPEndPoint second = new(IPAddress.Parse("10.99.0.50"), TunnelEnd.Port);
        pair.Far.Host.Ip($"address add {second.Address}/24 dev {TwoHosts.Cable}");
        pair.Far.Knows(pair.Near);
        pair.Near.Knows(pair.Far, "endpoint", second.ToString());
        using TcpPair connection = TcpPair.Connect(pair.Near.Host, pair.Far.Host, pair.Far.Host.Inside);
        connection.Exchange(Bytes, Seed);
        Assert.Equal(second.ToString(), pair.Near.Show(pair.Far).Endpoint);

        // It goes; whoever is left answers from what there is.
        if (far != "edgeproxy") { return; }
        pair.Far.Host.Ip($"address del {second.Address}/24 dev {TwoHosts.Cable}");
        pair.Near.Set("peer", pair.Far.PublicKey, "endpoint", pair.Far.At.ToString());
        connection.Exchange(Bytes, Seed);
        Assert.Equal(pair.Far.At.ToString(), pair.Near.Show(pair.Far).Endpoint);
    }

    [Theory, MemberData(nameof(TunnelPair.Roles), MemberType = typeof(TunnelPair))]
    public void Tunnel_WhenItIsToBeKeptAlive_ComesUpWithoutTraffic(string near, string far)
    {
        const int SecondKeepalive = 148 + 32 + 32; // A handshake and two of them, in bytes.
        using TunnelPair pair = new(near, far);
        pair.Far.Knows(pair.Near);
        pair.Near.Knows(pair.Far, "endpoint", pair.Far.At.ToString(), "persistent-keepalive", "1");
        Patience.Until(
            () => pair.Far.Show(pair.Near) is { Handshake: > 0, ReceivedBytes: >= SecondKeepalive },
            () => $"a handshake and keepalives: {pair.Far.Show(pair.Near)}");
        Assert.True(pair.Near.Show(pair.Far).Handshake > 0);
        Assert.Equal(pair.Near.At.ToString(), pair.Far.Show(pair.Near).Endpoint);
    }

    /// <summary>It comes back without its sessions and calls; what the other sent meanwhile was lost.</summary>
    [Theory, MemberData(nameof(TunnelPair.Roles), MemberType = typeof(TunnelPair))]
    public void Tunnel_WhenTheCallerIsKilledAndStartsAgain_CarriesTrafficWithinTenSeconds(string near, string far)
    {
        using TunnelPair pair = new TunnelPair(near, far).Join();
        NetworkHost a = pair.Near.Host, b = pair.Far.Host;
        TunnelTraffic.Exchange(a, b, b.Inside, Bytes, Seed);
        pair.Near.Crash();
        pair.Near.Restart();
        TunnelTraffic.AssertReturns(a, b, b.Inside);
        TunnelTraffic.Exchange(b, a, a.Inside, Bytes, Seed);
    }
}
