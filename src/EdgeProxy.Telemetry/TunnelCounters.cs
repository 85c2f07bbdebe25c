namespace EdgeProxy.Telemetry;

/// <summary>
/// What one worker of the tunnel counts besides what the protocol counts by itself. The worker alone writes, with plain
/// stores; any thread reads, each field by itself whole. All are totals since the start.
/// </summary>
public sealed class TunnelCounters
{
    /// <summary>Frames read from the interface: up to 64 KB each.</summary>
    public long FramesFromHost;

    /// <summary>Frames written to the interface.</summary>
    public long FramesToHost;

    /// <summary>Frames from the interface that were no packet or had a header that contradicts them.</summary>
    public long BadFrames;

    /// <summary>Packets from the interface to an address that is no peer's.</summary>
    public long NoPeer;

    /// <summary>Packets to a peer whose endpoint nobody knows yet.</summary>
    public long NoEndpoint;

    /// <summary>Frames the interface refused: it was down, or short of memory.</summary>
    public long HostRefused;

    /// <summary>Datagram calls the network refused: no route, a firewall, no memory.</summary>
    public long NetworkRefused;

    /// <summary>Datagrams longer than a receive takes.</summary>
    public long Truncated;
}
