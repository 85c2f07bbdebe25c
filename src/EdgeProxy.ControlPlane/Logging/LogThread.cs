using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Carries events to stderr and connection lines to stdout. A thread of its own, because a write may wait however
/// carefully it is made (a terminal on hold, a file on a dead server), and then lines are lost and counted while
/// everything else goes on.
/// </summary>
internal sealed class LogThread
{
    /// <summary>
    /// Longest pause between two looks at the rings: 1,024 records per loop are 50,000 connections a second.
    /// </summary>
    private const int RingPauseMs = 20;

    /// <summary>How long a stop waits for readers of the log to take what is left.</summary>
    private const int StopMs = 1_000;

    private readonly EventLog _events;
    private readonly ConnectionLog _connections;
    private readonly LogSink _eventSink;
    private readonly LogSink _connectionSink;
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <param name="events">The events to carry.</param>
    /// <param name="connections">Where closed connections come from.</param>
    /// <param name="eventTarget">Descriptor the events go to.</param>
    /// <param name="connectionTarget">Descriptor the connection lines go to.</param>
    public LogThread(EventLog events, ConnectionLog connections, Fd eventTarget, Fd connectionTarget)
    {
        _events = events;
        _connections = connections;
        _eventSink = new LogSink(eventTarget);
        _connectionSink = new LogSink(connectionTarget);
        _thread = new Thread(Run) { IsBackground = true, Name = "edgeproxy-log" };
    }

    /// <summary>Event lines lost so far.</summary>
    public long EventsDropped => _events.Queue.Dropped + _eventSink.Dropped;

    /// <summary>Connection lines lost so far, in the loops' rings or behind a reader that did not read.</summary>
    public long ConnectionsDropped => _connections.Dropped + _connectionSink.Dropped;

    public void Start() => _thread.Start();

    /// <summary>Writes what is left, for at most a second, and ends the thread.</summary>
    public void Stop()
    {
        _stopping = true;
        _events.Waiting.Set();
        _ = _thread.Join(2 * StopMs);
    }

    private void Run()
    {
        while (!_stopping)
        {
            int moved = Turn();
            if (moved == 0) { WaitForWork(); }
        }

        long deadline = Environment.TickCount64 + StopMs;
        while (Turn() > 0 || (HasPending && Environment.TickCount64 < deadline))
        {
            if (HasPending) { WaitForReaders(RingPauseMs); }
        }
    }

    private bool HasPending => _eventSink.Pending + _connectionSink.Pending > 0;

    /// <returns>How much was taken in: lines or bytes, 0 for none.</returns>
    private int Turn()
    {
        _events.Waiting.Clear();
        int taken = _events.Queue.Take(_eventSink.Room);
        _eventSink.Advance(taken);
        int records = _connections.Drain(_connectionSink);
        _eventSink.Flush();
        _connectionSink.Flush();
        return taken + records;
    }

    private void WaitForWork()
    {
        Span<PollEntry> entries =
        [
            new(_events.Waiting.Descriptor, PollEvents.Readable),
            new(_eventSink.Pending > 0 ? _eventSink.Target : Fd.None, PollEvents.Writable),
            new(_connectionSink.Pending > 0 ? _connectionSink.Target : Fd.None, PollEvents.Writable),
        ];
        _ = SlowPoll.Wait(entries, _connections.IsOn ? RingPauseMs : -1);
    }

    private void WaitForReaders(int timeoutMs)
    {
        Span<PollEntry> entries =
        [
            new(_eventSink.Pending > 0 ? _eventSink.Target : Fd.None, PollEvents.Writable),
            new(_connectionSink.Pending > 0 ? _connectionSink.Target : Fd.None, PollEvents.Writable),
        ];
        _ = SlowPoll.Wait(entries, timeoutMs);
    }
}
