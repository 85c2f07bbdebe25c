namespace EdgeProxy.Routing;

/// <summary>
/// A WireGuard device as the slow side sees it, whatever moves its packets: read as a snapshot, changed by commands.
/// Both planes know this seam and not each other. Any thread may call, none of them a loop.
/// </summary>
public interface ITunnelDevice
{
    /// <summary>What holds now. Keys in it are the caller's to wipe, and copies of the device's own.</summary>
    TunnelState Read();

    /// <summary>What holds and is counted now, without any key but public ones.</summary>
    TunnelFigures Measure();

    /// <summary>
    /// Hands a change over; it is in force before any later <see cref="Read"/> returns. The keys in it belong to the
    /// device from then on.
    /// </summary>
    /// <returns>False when the device is too busy to take it, or ending; nothing of it is in force then.</returns>
    bool TryApply(TunnelChange change);
}
