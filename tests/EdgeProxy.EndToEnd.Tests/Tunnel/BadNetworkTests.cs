namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A tunnel over networks that lose, reorder and forge.</summary>
public sealed class BadNetworkTests
{
    private const int Seed = 20261125;
    private const int Hostile = 2_000;
    private const byte Kinds = 4; // Of message: 1 to 4 (WireGuard paper, §5.4).

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
    /// From the very addresses the ends know each other by: noise of every length, messages with the right first byte, and
    /// real ones of this session with a bit or more turned, cut, or lengthened.
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
        Assert.Equal(before with { ReceivedBytes = 0, SentBytes = 0 }, pair.Near.Show(pair.Far) with { ReceivedBytes = 0, SentBytes = 0 });
    }

    /// <summary>
    /// The key goes into the answer only: near calls, far answers, near cannot open it, and calls again when nothing it
    /// understands has come for five seconds. That second call is what tells the first answer was refused.
    /// </summary>
    [Theory, MemberData(nameof(TunnelPair.Roles), MemberType = typeof(TunnelPair))]
    public void Tunnel_WhenThePresharedKeysDiffer_NeverComesUp(string near, string far)
    {
        const byte Call = 1, Answer = 2, Data = 4;
        using TunnelPair pair = new(near, far);
        int[] seen = new int[Kinds + 1];
        using DatagramRelay relay = new(pair.Far, Seed) { Passing = (_, datagram) => Interlocked.Increment(ref seen[datagram[0]]) };
        relay.Start();
        pair.Far.Knows(pair.Near, "preshared-key", pair.Far.PresharedKeyFile(Programs.Output("wg", "genpsk")));
        pair.Near.Knows(
            pair.Far, "preshared-key", pair.Near.PresharedKeyFile(Programs.Output("wg", "genpsk")),
            "endpoint", relay.At.ToString(), "persistent-keepalive", "1");
        Patience.Until(() => Volatile.Read(ref seen[Call]) >= 2, "a second call");
        Assert.True(Volatile.Read(ref seen[Answer]) >= 1);
        Assert.Equal(0, Volatile.Read(ref seen[Data]));
        Assert.Equal(0, pair.Near.Show(pair.Far).Handshake);
        Assert.Equal(0, pair.Far.Show(pair.Near).Handshake);
    }
}
