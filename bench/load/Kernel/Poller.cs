using System.Runtime.InteropServices;

namespace EdgeProxy.Load;

/// <summary>An epoll instance (epoll(7)) whose events name the descriptor they are about.</summary>
internal sealed unsafe class Poller : IDisposable
{
    public const uint In = 0x1;
    public const uint Out = 0x4;
    public const uint Error = 0x8;
    public const uint HangUp = 0x10;
    public const uint PeerFinished = 0x2000;
    public const uint Edge = 1u << 31;

    /// <summary>One registration for a connection's whole life: no call to change it is ever needed.</summary>
    public const uint AllEdges = In | Out | PeerFinished | Edge;

    private const int EPOLL_CTL_ADD = 1;
    private const int EPOLL_CTL_MOD = 3;
    private const int EPOLL_CLOEXEC = 0x80000;
    private const int EventsMax = 512;

    // struct epoll_event is packed on x86-64 and only there.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventBytes = DataOffset + 8;

    private readonly int _epoll = Libc.epoll_create1(EPOLL_CLOEXEC);
    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed((nuint)(EventsMax * EventBytes));

    public void Add(int fd, uint events) => Control(EPOLL_CTL_ADD, fd, events);

    /// <summary>Asks again: an edge that was already there is reported once more.</summary>
    public void Rearm(int fd, uint events) => Control(EPOLL_CTL_MOD, fd, events);

    /// <summary>Waits for events, for at most <paramref name="timeoutMs"/>, and returns how many there are.</summary>
    public int Wait(int timeoutMs)
    {
        int count = Libc.epoll_wait(_epoll, _events, EventsMax, timeoutMs);
        return Math.Max(count, 0); // EINTR is an empty turn.
    }

    public uint Events(int index) => *(uint*)(_events + index * EventBytes);

    public int Fd(int index) => *(int*)(_events + index * EventBytes + DataOffset);

    public void Dispose()
    {
        _ = Libc.close(_epoll);
        NativeMemory.Free(_events);
    }

    private void Control(int operation, int fd, uint events)
    {
        byte* entry = stackalloc byte[16];
        *(uint*)entry = events;
        *(ulong*)(entry + DataOffset) = (uint)fd;
        if (Libc.epoll_ctl(_epoll, operation, fd, entry) < 0)
        {
            throw new LoadException($"epoll_ctl {operation} on {fd}: errno {Libc.Errno}");
        }
    }
}
