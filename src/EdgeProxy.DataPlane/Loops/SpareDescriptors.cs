using EdgeProxy.Linux;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Descriptors a loop sets aside for backend sockets. Without them a burst of clients could take the last descriptor of
/// the process, and none of them would ever get a backend.
/// </summary>
internal sealed class SpareDescriptors(Io io)
{
    /// <summary>So many clients are served at a time when the host has nothing else left.</summary>
    internal const int Max = 4;

    private readonly Fd[] _spare = new Fd[Max];
    private int _count;

    /// <summary>Takes what is missing, as far as the host has it.</summary>
    /// <returns>False when the host is short of them.</returns>
    internal bool Refill()
    {
        while (_count < Max)
        {
            SysResult opened = io.OpenStream(ipv6: false);
            if (!opened.Ok) { return !Loop.IsHostShort(opened.Error); }
            _spare[_count++] = new Fd(opened.Value);
        }

        return true;
    }

    /// <summary>Makes room for one descriptor, if any is left.</summary>
    internal void GiveUpOne()
    {
        if (_count > 0) { io.Close(_spare[--_count]); }
    }

    internal void Clear()
    {
        while (_count > 0) { GiveUpOne(); }
    }
}
