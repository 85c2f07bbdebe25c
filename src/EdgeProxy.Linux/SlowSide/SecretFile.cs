using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeProxy.Linux;

/// <summary>
/// Small files with secrets: read together with who else may read them, and made so that nobody else ever may and no
/// crash leaves half of one. The buffers are the caller's, to be wiped.
/// </summary>
public static unsafe class SecretFile
{
    private const int PathBytesMax = 4_096; // PATH_MAX, with its closing zero.
    private const uint OwnerOnly = 0x180;   // 0600

    private const int O_WRONLY = 1;
    private const int O_CREAT = 0x40;
    private const int O_EXCL = 0x80;
    private const int AT_EMPTY_PATH = 0x1000;
    private const uint RENAME_NOREPLACE = 1;

    // struct statx of linux/stat.h, the same on every architecture.
    private const int StatusBytes = 256;
    private const int OwnerOffset = 20;
    private const int ModeOffset = 28;
    private const uint S_IFREG = 0x8000;
    private const uint PermissionBits = 0xFFF;

    /// <summary>Reads at most <paramref name="into"/>'s length. A pipe or device is not waited for.</summary>
    /// <returns>Bytes read; ENOENT, EACCES and the like when it cannot be.</returns>
    public static SysResult Read(string path, Span<byte> into, out SecretFileFacts facts)
    {
        facts = default;
        byte* name = stackalloc byte[PathBytesMax];
        if (!TryWrite(path, name)) { return SysResult.Failed(Errno.EINVAL); }
        SysResult opened = Libc.Result(Libc.open(name, Kernel.O_RDONLY | Kernel.O_CLOEXEC | Kernel.O_NONBLOCK));
        if (!opened.Ok) { return opened; }
        SysResult result = ReadOpen(opened.Value, into, ref facts);
        _ = Libc.close(opened.Value);
        return result;
    }

    /// <summary>
    /// Makes a file of mode 0600 with this content, all of it on the disk when the call returns: written under another
    /// name, flushed, renamed without replacing anything, the directory flushed.
    /// </summary>
    /// <returns>EEXIST when there is a file of that name: it stays.</returns>
    public static SysResult Create(string path, ReadOnlySpan<byte> content)
    {
        byte* name = stackalloc byte[PathBytesMax];
        byte* unfinished = stackalloc byte[PathBytesMax];
        string other = $"{path}.{KernelRandom.Next():x16}.new";
        if (!TryWrite(path, name) || !TryWrite(other, unfinished)) { return SysResult.Failed(Errno.EINVAL); }
        SysResult opened = Libc.Result(open(unfinished, O_WRONLY | O_CREAT | O_EXCL | Kernel.O_CLOEXEC, OwnerOnly));
        if (!opened.Ok) { return opened; }
        SysResult result = Libc.Result(Libc.fchmod(opened.Value, OwnerOnly)); // Whatever the umask took away.
        if (result.Ok) { result = Write(opened.Value, content); }
        if (result.Ok) { result = Libc.Result(fsync(opened.Value)); }
        _ = Libc.close(opened.Value);
        if (result.Ok) { result = Rename(unfinished, name); }
        if (!result.Ok)
        {
            _ = unlink(unfinished);
            return result;
        }

        return FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");
    }

    /// <summary>
    /// Puts one file in the place of another, in one step: whatever happens, one of the two is there whole.
    /// </summary>
    public static SysResult Replace(string path, string with)
    {
        byte* to = stackalloc byte[PathBytesMax];
        byte* from = stackalloc byte[PathBytesMax];
        if (!TryWrite(path, to) || !TryWrite(with, from)) { return SysResult.Failed(Errno.EINVAL); }
        SysResult renamed = Libc.Result(rename(from, to));
        return renamed.Ok ? FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/") : renamed;
    }

    private static SysResult ReadOpen(int fd, Span<byte> into, ref SecretFileFacts facts)
    {
        byte* status = stackalloc byte[StatusBytes];
        byte empty = 0;
        SysResult result = Libc.Result(Libc.statx(fd, &empty, AT_EMPTY_PATH, Kernel.STATX_BASIC_STATS, status));
        if (!result.Ok) { return result; }
        ReadOnlySpan<byte> bytes = new(status, StatusBytes);
        uint mode = BinaryPrimitives.ReadUInt16LittleEndian(bytes[ModeOffset..]);
        facts = new SecretFileFacts(
            (mode & Kernel.S_IFMT) == S_IFREG, mode & PermissionBits,
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[OwnerOffset..]));
        if (!facts.IsRegular) { return new SysResult(0); }
        int total = 0;
        fixed (byte* first = into)
        {
            while (total < into.Length)
            {
                result = Libc.Result(Libc.read(fd, first + total, (nuint)(into.Length - total)));
                if (result.Error == Errno.EINTR) { continue; }
                if (result.Value <= 0) { break; }
                total += result.Value;
            }
        }

        return result.Ok ? new SysResult(total) : result;
    }

    private static SysResult Write(int fd, ReadOnlySpan<byte> content)
    {
        fixed (byte* first = content)
        {
            int done = 0;
            while (done < content.Length)
            {
                SysResult result = Libc.Result(Libc.write_waiting(fd, first + done, (nuint)(content.Length - done)));
                if (result.Error == Errno.EINTR) { continue; }
                if (!result.Ok) { return result; }
                done += result.Value;
            }
        }

        return new SysResult(0);
    }

    /// <summary>
    /// A file system without RENAME_NOREPLACE (EINVAL, renameat2(2)) has hard links, which never replace either.
    /// </summary>
    private static SysResult Rename(byte* from, byte* to)
    {
        SysResult renamed = Libc.Result(renameat2(Kernel.AT_FDCWD, from, Kernel.AT_FDCWD, to, RENAME_NOREPLACE));
        if (renamed.Error is not (Errno.EINVAL or Errno.ENOSYS)) { return renamed; }
        SysResult linked = Libc.Result(link(from, to));
        if (linked.Ok) { _ = unlink(from); }
        return linked;
    }

    private static SysResult FlushDirectory(string path)
    {
        byte* name = stackalloc byte[PathBytesMax];
        if (!TryWrite(path, name)) { return SysResult.Failed(Errno.EINVAL); }
        SysResult opened = Libc.Result(Libc.open(name, Kernel.O_RDONLY | Kernel.O_CLOEXEC));
        if (!opened.Ok) { return opened; }
        SysResult flushed = Libc.Result(fsync(opened.Value));
        _ = Libc.close(opened.Value);
        // A file system that cannot flush directories.
        return flushed.Error == Errno.EINVAL ? new SysResult(0) : flushed;
    }

    private static bool TryWrite(string path, byte* target)
    {
        if (path.Length == 0 || path.Contains('\0')
            || !Encoding.UTF8.TryGetBytes(path, new Span<byte>(target, PathBytesMax - 1), out int length))
        {
            return false;
        }

        target[length] = 0;
        return true;
    }

    [DllImport("libc")]
    private static extern int open(byte* path, int flags, uint mode);

    [DllImport("libc")]
    private static extern int fsync(int fd);

    [DllImport("libc")]
    private static extern int renameat2(int fromDirectory, byte* from, int toDirectory, byte* to, uint flags);

    [DllImport("libc")]
    private static extern int rename(byte* from, byte* to);

    [DllImport("libc")]
    private static extern int link(byte* from, byte* to);

    [DllImport("libc")]
    private static extern int unlink(byte* path);
}
