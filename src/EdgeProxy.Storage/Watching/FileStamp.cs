namespace EdgeProxy.Storage;

/// <summary>
/// What statx(2) tells about a file by its name: enough to see every change of it without opening it, which Storage
/// must not do, because closing a descriptor drops all POSIX locks the process holds on the file (fcntl(2)).
/// </summary>
/// <param name="Device">Device and inode of the file, links followed; both 0 when there is none.</param>
/// <param name="Inode">See <paramref name="Device"/>.</param>
/// <param name="BornNs">Birth time, which tells two users of one inode number apart; 0 where the file system has
/// none.</param>
/// <param name="Length">Bytes.</param>
/// <param name="ModifiedNs">Time of the last change of content (mtime), as far as no program has set it to
/// another.</param>
/// <param name="ChangedNs">Time of the last change of content or inode (ctime): no program can set it back.</param>
/// <param name="TakenNs">The kernel's file clock (CLOCK_REALTIME_COARSE) just before the look.</param>
public readonly record struct FileStamp(
    ulong Device, ulong Inode, long BornNs, long Length, long ModifiedNs, long ChangedNs, long TakenNs)
{
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
