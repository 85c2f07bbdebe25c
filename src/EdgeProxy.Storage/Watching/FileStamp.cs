namespace EdgeProxy.Storage;

/// <summary>
/// What statx(2) tells about a file by its name: enough to see every change of it without opening it, which Storage
/// must not do, because closing a descriptor drops all POSIX locks the process holds on the file (fcntl(2)).
/// </summary>
public readonly struct FileStamp(
    ulong device, ulong inode, long bornNs, long length, long modifiedNs, long changedNs, long takenNs)
{
    /// <summary>Device and inode of the file, links followed; both 0 when there is none.</summary>
    internal ulong Device { get; } = device;

    /// <summary>See <see cref="Device"/>.</summary>
    internal ulong Inode { get; } = inode;

    /// <summary>
    /// Birth time, which tells two users of one inode number apart; 0 where the file system has none.
    /// </summary>
    internal long BornNs { get; } = bornNs;

    /// <summary>Bytes.</summary>
    internal long Length { get; } = length;

    /// <summary>Time of the last change of content (mtime), as far as no program has set it to another.</summary>
    internal long ModifiedNs { get; } = modifiedNs;

    /// <summary>Time of the last change of content or inode (ctime): no program can set it back.</summary>
    internal long ChangedNs { get; init; } = changedNs;

    /// <summary>The kernel's file clock (CLOCK_REALTIME_COARSE) just before the look.</summary>
    internal long TakenNs { get; } = takenNs;

    internal bool IsMissing => Inode == 0;

    /// <summary>
    /// A change after this look would show: the clock that dates changes had moved on since the last one. It ticks
    /// every 1 to 10 ms, and two changes within a tick look like one.
    /// </summary>
    internal bool IsSettled => ChangedNs < TakenNs;

    /// <summary>Another look at the same, unchanged file, or at the same nothing.</summary>
    internal bool IsUnchangedFrom(in FileStamp earlier) =>
        IsSameFileAs(earlier) && Length == earlier.Length && ChangedNs == earlier.ChangedNs;

    internal bool IsSameFileAs(in FileStamp other) =>
        Inode == other.Inode && Device == other.Device && BornNs == other.BornNs;
}
