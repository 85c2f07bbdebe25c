namespace EdgeProxy.Linux;

/// <summary>
/// What one slot of a <see cref="UdpReceiveBatch"/> holds: datagrams of one sender, back to back, each
/// <see cref="SegmentBytes"/> long save the last, which may be shorter.
/// </summary>
public struct UdpMessage
{
    /// <summary>Where the first stands in the batch's buffer.</summary>
    public int Offset { get; internal set; }

    /// <summary>Of all of them together.</summary>
    public int Length { get; internal set; }

    /// <summary>Equal to <see cref="Length"/> when there is one datagram.</summary>
    public int SegmentBytes { get; internal set; }

    /// <summary>The byte of DSCP (upper six bits) and ECN (lower two), of IPv4's TOS or IPv6's traffic class.</summary>
    public byte TrafficClass { get; internal set; }

    /// <summary>The end of a datagram was lost for want of room: the message is to be dropped.</summary>
    public bool IsTruncated { get; internal set; }

    /// <summary>
    /// The sender; on a dual-stack socket an IPv4 one is ::ffff:a.b.c.d, whose High and Low are those of a.b.c.d.
    /// </summary>
    public SocketAddress Source { get; internal set; }

    /// <summary>
    /// The address the sender sent to, which an answer should leave from (port 0); default when the kernel did not say.
    /// </summary>
    public SocketAddress Local { get; internal set; }
}
