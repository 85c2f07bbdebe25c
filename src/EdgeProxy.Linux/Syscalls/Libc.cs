using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary>
/// Every C library function the engines call, each declared once. Calls that cannot block skip the runtime's
/// transition (SuppressGCTransition saves ~10 ns and is only safe because they return within microseconds); the ones
/// that may wait do not. errno is read through its address at once after a failure.
/// </summary>
internal static unsafe class Libc
{
    private const string Library = "libc";

    [DllImport(Library), SuppressGCTransition]
    private static extern int* __errno_location();

    [DllImport(Library), SuppressGCTransition]
    internal static extern int socket(int domain, int type, int protocol);

    [DllImport(Library)]
    internal static extern int bind(int fd, void* address, int length);

    [DllImport(Library)]
    internal static extern int listen(int fd, int backlog);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int connect(int fd, void* address, int length);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int accept4(int fd, void* address, int* length, int flags);

    [DllImport(Library), SuppressGCTransition]
    internal static extern nint recv(int fd, void* buffer, nuint length, int flags);

    [DllImport(Library), SuppressGCTransition]
    internal static extern nint send(int fd, void* buffer, nuint length, int flags);

    // These carry 64 KB a message, and a message over a veth or a loopback runs through the receiver's stack at once:
    // tens of microseconds, too long to hold a collection up.
    [DllImport(Library)]
    internal static extern int recvmmsg(int fd, MessageHeader* messages, uint count, int flags, TimeSpec* timeout);

    [DllImport(Library)]
    internal static extern int sendmmsg(int fd, MessageHeader* messages, uint count, int flags);

    [DllImport(Library)]
    internal static extern nint sendmsg(int fd, MessageHeader* message, int flags);

    [DllImport(Library)]
    internal static extern nint writev(int fd, IoVector* pieces, int count);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int shutdown(int fd, int how);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int close(int fd);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int setsockopt(int fd, int level, int option, void* value, int length);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int getsockopt(int fd, int level, int option, void* value, int* length);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int getpeername(int fd, void* address, int* length);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int getsockname(int fd, void* address, int* length);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int ioctl(int fd, nuint request, void* argument);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int fcntl(int fd, int command, nint argument);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int pipe2(int* ends, int flags);

    [DllImport(Library), SuppressGCTransition]
    internal static extern nint splice(int source, long* sourceOffset, int target, long* targetOffset, nuint count, uint flags);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int eventfd(uint initial, int flags);

    [DllImport(Library), SuppressGCTransition]
    internal static extern nint read(int fd, void* buffer, nuint count);

    [DllImport(Library), SuppressGCTransition]
    internal static extern nint write(int fd, void* buffer, nuint count);

    [DllImport(Library, EntryPoint = "write")]
    internal static extern nint write_waiting(int fd, void* buffer, nuint count);

    [DllImport(Library)]
    internal static extern int poll(PollEntry* entries, nuint count, int timeoutMs);

    [DllImport(Library)]
    internal static extern int open(byte* path, int flags);

    [DllImport(Library)]
    internal static extern int lstat(byte* path, byte* status);

    [DllImport(Library)]
    internal static extern int link(byte* path, byte* another);

    [DllImport(Library)]
    internal static extern int unlink(byte* path);

    [DllImport(Library)]
    internal static extern int fstat(int fd, byte* status);

    [DllImport(Library)]
    internal static extern int statx(int directory, byte* path, int flags, uint mask, byte* status);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int inotify_init1(int flags);

    [DllImport(Library)]
    internal static extern int inotify_add_watch(int fd, byte* path, uint mask);

    [DllImport(Library)]
    internal static extern nint getdents64(int fd, void* buffer, nuint count);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int fchmod(int fd, uint mode);

    [DllImport(Library), SuppressGCTransition]
    internal static extern uint geteuid();

    [DllImport(Library), SuppressGCTransition]
    internal static extern int epoll_create1(int flags);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int epoll_ctl(int epoll, int operation, int fd, EpollEvent* change);

    [DllImport(Library)]
    internal static extern int epoll_wait(int epoll, EpollEvent* events, int count, int timeoutMs);

    [DllImport(Library, EntryPoint = "epoll_wait"), SuppressGCTransition]
    internal static extern int epoll_wait_now(int epoll, EpollEvent* events, int count, int zero);

    [DllImport(Library)]
    internal static extern void* mmap(void* address, nuint length, int protection, int flags, int fd, nint offset);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int madvise(void* address, nuint length, int advice);

    [DllImport(Library)]
    internal static extern int munmap(void* address, nuint length);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int clock_gettime(int clock, TimeSpec* time);

    [DllImport(Library, EntryPoint = "syscall"), SuppressGCTransition]
    internal static extern nint syscall_now(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [DllImport(Library, EntryPoint = "syscall")]
    internal static extern nint syscall_waiting(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    /// <summary>errno of the call that has just failed on this thread.</summary>
    internal static Errno LastError => (Errno)(*__errno_location());

    /// <summary>Turns a C return value and errno into a result.</summary>
    internal static SysResult Result(nint returned) => returned >= 0
        ? new SysResult((int)returned)
        : SysResult.Failed(LastError);
}
