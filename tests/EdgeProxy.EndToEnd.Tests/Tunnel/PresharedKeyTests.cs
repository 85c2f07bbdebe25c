namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A key both ends share beside their own.</summary>
public sealed class PresharedKeyTests
{
    private const int Bytes = 2 * 1024 * 1024;
    private const int Seed = 20261125;

    [Theory, MemberData(nameof(TunnelPair.Roles), MemberType = typeof(TunnelPair))]
    public void Tunnel_WhenBothHaveThePresharedKey_CarriesTraffic(string near, string far)
    {
        using TunnelPair pair = new(near, far);
        string key = Programs.Output("wg", "genpsk");
        pair.Far.Knows(pair.Near, "preshared-key", pair.Far.PresharedKeyFile(key));
        pair.Near.Knows(pair.Far, "preshared-key", pair.Near.PresharedKeyFile(key), "endpoint", pair.Far.At.ToString());
        TunnelTraffic.Exchange(pair.Near.Host, pair.Far.Host, pair.Far.Host.Inside, Bytes, Seed);
        string shown = Programs.Output("wg", "show", pair.Near.Interface, "preshared-keys");
        Assert.Contains(key.Trim(), shown, StringComparison.Ordinal);
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
        int[] seen = new int[Data + 1]; // By the first byte of a message (WireGuard paper, §5.4).
        using DatagramRelay relay = new(pair.Far, Seed)
        {
            Passing = (_, datagram) => Interlocked.Increment(ref seen[datagram[0]]),
        };
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
