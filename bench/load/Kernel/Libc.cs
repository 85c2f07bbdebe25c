using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace EdgeProxy.Load;

/// <summary>
/// The system calls of the generator, declared apart from the proxy's own so that a fault there cannot hide itself
/// here. Calls that cannot block skip the transition out of managed code.
/// </summary>
internal static unsafe partial class Libc
{
    private const string Library = "libc";

    /// <summary>errno of this thread's last failed call; read it at once.</summary>
    public static int Errno => *__errno_location();

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int bind(int fd, SocketAddress* address, uint length);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int listen(int fd, int backlog);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int connect(int fd, SocketAddress* address, uint length);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int accept4(int fd, SocketAddress* address, uint* length, int flags);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int getsockname(int fd, SocketAddress* address, uint* length);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int setsockopt(int fd, int level, int option, void* value, uint length);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int getsockopt(int fd, int level, int option, void* value, uint* length);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial nint recv(int fd, byte* buffer, nuint count, int flags);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial nint send(int fd, byte* buffer, nuint count, int flags);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int shutdown(int fd, int how);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int close(int fd);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int epoll_create1(int flags);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int epoll_ctl(int epoll, int operation, int fd, byte* epollEvent);

    [LibraryImport(Library)]
    public static partial int epoll_wait(int epoll, byte* events, int eventsMax, int timeoutMs);

    [LibraryImport(Library)]
    public static partial int sched_setaffinity(int thread, nuint size, ulong* mask);

    [LibraryImport(Library)]
    public static partial int kill(int pid, int signal);

    [LibraryImport(Library)]
    public static partial int setrlimit(int resource, ulong* limits);

    [LibraryImport(Library)]
    public static partial int getrlimit(int resource, ulong* limits);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial int* __errno_location();
}
