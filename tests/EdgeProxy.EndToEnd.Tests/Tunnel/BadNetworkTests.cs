namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A tunnel over networks that lose, reorder and forge.</summary>
public sealed class BadNetworkTests
{
    private const int Seed = 20261125;
    private const int Hostile = 2_000;

    [Theory, MemberData(nameof(TunnelPair.Roles), MemberType = typeof(TunnelPair))]
    public void Tunnel_WhenATenthIsLostAndATenthLate_DeliversEverything(string near, string far)
    {
        const int Bytes = 1024 * 1024;
        using TunnelPair pair = new(near, far);
        using DatagramRelay relay = new(pair.Far, Seed) { LostPercent = 10, LatePercent = 10 };
        pair.JoinBy(relay.Start());
        TunnelTraffic.Exchange(pair.Near.Host, pair.Far.Host, pair.Far.Host.Inside, Bytes, Seed);
        Assert.True(relay.Lost > 50 && relay.Late > 50, $"only {relay.Lost} lost and {relay.Late} late");
        Assert.Equal(relay.At.ToString(), pair.Near.Show(pair.Far).Endpoint);
        Assert.Equal(relay.AtFar.ToString(), pair.Far.Show(pair.Near).Endpoint);
    }

    /// <summary>
    /// From the very addresses the ends know each other by: noise of every length, messages with the right first byte,
    /// and real ones of this session with a bit or more turned, cut, or lengthened.
    /// </summary>
    [Theory, MemberData(nameof(TunnelPair.Roles), MemberType = typeof(TunnelPair))]
    public void Tunnel_WhenHostileDatagramsArrive_IsNotDisturbed(string near, string far)
    {
        const int Bytes = 8 * 1024 * 1024;
        using TunnelPair pair = new(near, far);
        HostileDatagrams hostile = new(Seed);
        using DatagramRelay relay = new(pair.Far, Seed) { Passing = (_, datagram) => hostile.Learn(datagram) };
        pair.JoinBy(relay.Start());
        using TcpPair connection = TcpPair.Connect(pair.Near.Host, pair.Far.Host, pair.Far.Host.Inside);
        connection.Exchange(1, Seed);
        ShownPeer before = pair.Near.Show(pair.Far);
        Thread attack = new(() =>
        {
            for (int i = 0; i < Hostile; i++)
            {
                if (i % 2 == 0) { relay.Forge(hostile.Next()); }
                else { relay.ForgeBack(hostile.Next()); }
            }
        });
        attack.Start();
        connection.Exchange(Bytes, Seed);
        attack.Join();
        connection.Exchange(Bytes, Seed + 2);
        Assert.Equal(
            before with { ReceivedBytes = 0, SentBytes = 0 },
            pair.Near.Show(pair.Far) with { ReceivedBytes = 0, SentBytes = 0 });
    }
}
