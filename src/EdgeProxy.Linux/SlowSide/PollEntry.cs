using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary>
/// One descriptor in a call of <see cref="SlowPoll.Wait"/>: <c>struct pollfd</c> of poll(2), 8 bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct PollEntry
{
    private int _fd;
    private short _events;
    private short _returned;

    /// <param name="descriptor">A closed one (<see cref="Fd.None"/>) is skipped by the kernel.</param>
    /// <param name="events">What to wait for; errors and hang-up are always reported.</param>
    public PollEntry(Fd descriptor, PollEvents events)
    {
        _fd = descriptor.Number;
        _events = (short)events;
        _returned = 0;
    }

    /// <summary>What the last wait saw.</summary>
    public readonly PollEvents Returned => (PollEvents)(ushort)_returned;
}
