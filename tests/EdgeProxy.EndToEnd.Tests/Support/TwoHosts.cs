namespace EdgeProxy.EndToEnd.Tests;

/// <summary>Two hosts joined by a cable (veth(4)) that carries IPv4 and IPv6; they share nothing else.</summary>
internal sealed class TwoHosts : IDisposable
{
    /// <summary>The end of the cable on either.</summary>
    public const string Cable = "veth0";

    public TwoHosts()
    {
        A.Ip($"link add {Cable} type veth peer name {Cable} netns {B.NamespaceFile}");
        foreach (NetworkHost host in (NetworkHost[])[A, B])
        {
            host.Ip($"address add {host.Outside}/24 dev {Cable}");
            host.Ip($"address add {host.OutsideV6}/64 dev {Cable} nodad"); // Nobody else is there to ask.
            host.Ip($"link set {Cable} up");
        }
    }

    public NetworkHost A { get; } = new(1);

    public NetworkHost B { get; } = new(2);

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }
}
