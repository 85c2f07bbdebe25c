using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary>
/// One entry of an epoll event array (epoll_ctl(2)). The kernel packs <c>struct epoll_event</c> to 12 bytes on x86-64
/// and pads it to 16 elsewhere; the two differ in stride and in where the data word lies, so arrays of it are walked
/// through <see cref="At"/> alone.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal unsafe struct EpollEvent
{
    internal const uint EPOLLIN = 1;
    internal const uint EPOLLOUT = 4;
    internal const uint EPOLLERR = 8;
    internal const uint EPOLLHUP = 0x10;
    internal const uint EPOLLRDHUP = 0x2000;
    internal const uint EPOLLET = 1u << 31;
    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_DEL = 2;
    internal const int EPOLL_CTL_MOD = 3;

    private uint _events;
    private fixed uint _rest[3]; // x86-64 uses the first two, others skip one and use the last two.

    private static bool IsPacked => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    internal static int Stride => IsPacked ? 12 : 16;

    internal readonly uint Events => _events;

    internal readonly ulong Data => IsPacked
        ? _rest[0] | ((ulong)_rest[1] << 32)
        : _rest[1] | ((ulong)_rest[2] << 32);

    internal static EpollEvent Make(uint events, ulong data)
    {
        EpollEvent made = default;
        made._events = events;
        int first = IsPacked ? 0 : 1;
        made._rest[first] = (uint)data;
        made._rest[first + 1] = (uint)(data >> 32);
        return made;
    }

    internal static EpollEvent* At(byte* array, int index) => (EpollEvent*)(array + (index * Stride));
}
