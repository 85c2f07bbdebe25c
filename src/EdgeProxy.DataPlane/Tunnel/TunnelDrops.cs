using EdgeProxy.WireGuard;

namespace EdgeProxy.DataPlane;

/// <summary>The protocol's reasons to drop, parted by whether it is known then whose the packet is.</summary>
internal static class TunnelDrops
{
    private static readonly DropReason[] s_device =
    [
        DropReason.Malformed, DropReason.BadMac1, DropReason.CookieSent, DropReason.RateLimited, DropReason.UnknownIndex,
        DropReason.NotAuthentic, DropReason.UnknownPeer, DropReason.OldTimestamp, DropReason.TooSoon,
    ];

    private static readonly DropReason[] s_peer =
    [
        DropReason.NotAuthentic, DropReason.Expired, DropReason.Replayed, DropReason.BadInnerPacket,
        DropReason.ForeignSource, DropReason.QueueFull, DropReason.NoHandshake,
    ];

    /// <summary>In the order of <see cref="OfDevice"/>.</summary>
    public static IReadOnlyList<string> DeviceWords { get; } =
    [
        "malformed", "bad_mac1", "cookie_sent", "rate_limited", "unknown_index", "not_authentic", "unknown_peer",
        "old_timestamp", "too_soon",
    ];

    /// <summary>In the order of <see cref="OfPeer"/>.</summary>
    public static IReadOnlyList<string> PeerWords { get; } =
    [
        "not_authentic", "expired", "replayed", "bad_inner_packet", "foreign_source", "queue_full", "no_handshake",
    ];

    public static long[] OfDevice(DropCounters counters) => Read(counters, s_device);

    public static long[] OfPeer(DropCounters counters) => Read(counters, s_peer);

    private static long[] Read(DropCounters counters, DropReason[] reasons)
    {
        long[] counts = new long[reasons.Length];
        for (int i = 0; i < counts.Length; i++) { counts[i] = counters[reasons[i]]; }
        return counts;
    }
}
