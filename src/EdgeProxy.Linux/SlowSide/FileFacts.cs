using System.Buffers.Binary;
using System.Text;

namespace EdgeProxy.Linux;

/// <summary>
/// Which file a name leads to and when it last changed (statx(2), links followed). Looking opens nothing and allocates
/// nothing.
/// </summary>
/// <param name="Device">Major and minor number.</param>
/// <param name="Inode">0 when there is no file, or none that may be looked at.</param>
/// <param name="BornNs">Unix time; 0 where the file system does not keep it.</param>
/// <param name="Length">Bytes.</param>
/// <param name="ModifiedNs">Unix time of the last change of content, unless a program has set it (mtime).</param>
/// <param name="ChangedNs">Unix time of the last change of content or inode (ctime).</param>
/// <param name="TakenNs">The clock that dates such changes, read just before the look.</param>
public readonly record struct FileFacts(
    ulong Device, ulong Inode, long BornNs, long Length, long ModifiedNs, long ChangedNs, long TakenNs)
{
    private const int PathBytesMax = 4_096; // PATH_MAX, with its closing zero.

    // struct statx of linux/stat.h, the same on every architecture.
    private const int StatusBytes = 256;
    private const int MaskOffset = 0;
    private const int InodeOffset = 32;
    private const int SizeOffset = 40;
    private const int BornOffset = 80;
    private const int ChangedOffset = 96;
    private const int ModifiedOffset = 112;
    private const int DeviceOffset = 136;

    public static unsafe FileFacts Read(string path)
    {
        byte* name = stackalloc byte[PathBytesMax];
        if (!Encoding.UTF8.TryGetBytes(path, new Span<byte>(name, PathBytesMax - 1), out int length)) { return default; }
        name[length] = 0;
        TimeSpec now;
        _ = Libc.clock_gettime(Kernel.CLOCK_REALTIME_COARSE, &now);
        byte* status = stackalloc byte[StatusBytes];
        uint mask = Kernel.STATX_BASIC_STATS | Kernel.STATX_BTIME;
        if (Libc.statx(Kernel.AT_FDCWD, name, 0, mask, status) != 0) { return default; }
        ReadOnlySpan<byte> bytes = new(status, StatusBytes);
        bool hasBirth = (BinaryPrimitives.ReadUInt32LittleEndian(bytes[MaskOffset..]) & Kernel.STATX_BTIME) != 0;
        return new FileFacts(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[DeviceOffset..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[InodeOffset..]),
            hasBirth ? Nanoseconds(bytes[BornOffset..]) : 0,
            BinaryPrimitives.ReadInt64LittleEndian(bytes[SizeOffset..]),
            Nanoseconds(bytes[ModifiedOffset..]),
            Nanoseconds(bytes[ChangedOffset..]),
            (now.Seconds * TimeSpec.NsPerSecond) + now.Nanoseconds);
    }

    /// <summary>struct statx_timestamp: 8 bytes of seconds, 4 of nanoseconds.</summary>
    private static long Nanoseconds(ReadOnlySpan<byte> time) =>
        (BinaryPrimitives.ReadInt64LittleEndian(time) * TimeSpec.NsPerSecond) + BinaryPrimitives.ReadUInt32LittleEndian(time[8..]);
}
