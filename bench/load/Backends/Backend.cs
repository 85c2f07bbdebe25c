using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeProxy.Load;

/// <summary>
/// A server on one thread: accepts, and hands every edge to the kind of backend. Connections are known by their
/// descriptor, registered once for all edges.
/// </summary>
internal abstract unsafe class Backend : IDisposable
{
    /// <summary>Reads or writes one connection does in one turn, so that one busy peer does not hold up the others.</summary>
    protected const int TurnMax = 8;

    protected const int BufferBytes = 128 * 1024; // Measured: larger no longer helps, and it stays in the L2 cache.

    private const int AcceptsPerTurn = 64;
    private const int WaitMs = 100;

    private readonly Poller _poller = new();
    private readonly int _listener;
    private volatile bool _stopping;

    protected Backend(in SocketAddress listen, string? congestion) => _listener = Net.Listen(listen, congestion);

    protected byte* Buffer { get; } = (byte*)NativeMemory.AllocZeroed(BufferBytes);

    /// <summary>Connections accepted so far.</summary>
    protected long Accepted { get; private set; }

    /// <summary>Serves until SIGTERM or SIGINT, or until the seconds are over (0: no limit).</summary>
    public void Run(double seconds)
    {
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        Open();
        Console.Out.WriteLine($"listening {Net.Local(_listener)}");
        Console.Out.Flush();
        long end = seconds > 0 ? Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency) : long.MaxValue;
        while (!_stopping && Stopwatch.GetTimestamp() < end)
        {
            Turn(WaitMs);
        }

        OnStopped();
    }

    /// <summary>Begins to accept, for whoever calls <see cref="Turn"/> then.</summary>
    public void Open() => _poller.Add(_listener, Poller.In);

    /// <summary>Serves what there is to serve, waiting for it at most <paramref name="waitMs"/>.</summary>
    public void Turn(int waitMs)
    {
        int count = _poller.Wait(waitMs);
        for (int i = 0; i < count; i++)
        {
            int fd = _poller.Fd(i);
            if (fd == _listener)
            {
                AcceptSome();
            }
            else
            {
                OnEvents(fd, _poller.Events(i));
            }
        }
    }

    public void Dispose()
    {
        _poller.Dispose();
        Net.Close(_listener);
        NativeMemory.Free(Buffer);
    }

    /// <summary>A connection is there; bytes may be too.</summary>
    protected abstract void OnOpened(int fd);

    protected abstract void OnEvents(int fd, uint events);

    /// <summary>The place for a last word.</summary>
    protected virtual void OnStopped()
    {
    }

    /// <summary>Comes back to a connection that used up its turn.</summary>
    protected void Again(int fd) => _poller.Rearm(fd, Poller.AllEdges);

    private void AcceptSome()
    {
        for (int i = 0; i < AcceptsPerTurn; i++)
        {
            int fd = Net.Accept(_listener);
            if (fd < 0)
            {
                return; // Nothing more, or no descriptors: the level-triggered listener asks again.
            }

            Accepted++;
            _poller.Add(fd, Poller.AllEdges);
            OnOpened(fd);
        }
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stopping = true;
    }
}
