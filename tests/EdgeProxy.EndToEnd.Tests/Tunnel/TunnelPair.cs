namespace EdgeProxy.EndToEnd.Tests;

/// <summary>
/// Two hosts with an end of a tunnel each. Near is the one that calls: it alone is told where the other is, which
/// learns that from the call.
/// </summary>
internal sealed class TunnelPair : IDisposable
{
    private readonly TwoHosts _hosts = new();

    public TunnelPair(string near, string far)
    {
        Near = new TunnelEnd(_hosts.A, near);
        Far = new TunnelEnd(_hosts.B, far);
    }

    /// <summary>Who calls, who answers: ours and Debian's in both roles, and ours among themselves.</summary>
    public static TheoryData<string, string> Roles => new()
    {
        { "edgeproxy", "wireguard-go" }, { "wireguard-go", "edgeproxy" }, { "edgeproxy", "edgeproxy" },
    };

    public TunnelEnd Near { get; }

    public TunnelEnd Far { get; }

    /// <summary>Makes each known to the other.</summary>
    public TunnelPair Join()
    {
        Far.Knows(Near);
        Near.Knows(Far, "endpoint", Far.At.ToString());
        return this;
    }

    /// <summary>The same with a network of the test's between them.</summary>
    public void JoinBy(DatagramRelay relay)
    {
        Far.Knows(Near);
        Near.Knows(Far, "endpoint", relay.At.ToString());
    }

    public void Dispose()
    {
        Near.Dispose();
        Far.Dispose();
        _hosts.Dispose();
    }
}
