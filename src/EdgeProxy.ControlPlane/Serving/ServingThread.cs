using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Serves the metrics page and the sockets from one thread: poll(2) over a bounded set of places, every one with a
/// deadline. Nobody can hold it up: requests, answers, their number and their time all have a bound, and when the
/// places are taken the connection that has waited longest gives way.
/// </summary>
internal sealed class ServingThread : IDisposable
{
    /// <summary>Answers under way at a time: pages are large, peers that do not take them are rare.</summary>
    private const int PagesMax = 4;

    private const int PageBytesMax = 16 * 1024 * 1024;

    /// <summary>Pause after accepting failed for want of descriptors or memory.</summary>
    private const int AcceptPauseMs = 250;

    private readonly Service[] _services;
    private readonly ServedConnection[] _connections;
    private readonly Stack<PageBuffer> _freePages = new(PagesMax);
    private readonly PollEntry[] _entries;
    private readonly WakeEvent _wake = new();
    private readonly Thread _thread;

    /// <summary>For one connection when the process has no descriptor left: just then one wants to look.</summary>
    private Fd _spare = Fd.None;

    private long _acceptAgainMs;
    private volatile bool _stopping;

    public ServingThread(IReadOnlyList<Service> services)
    {
        _services = [.. services];
        List<ServedConnection> connections = [];
        foreach (Service service in services)
        {
            for (int i = 0; i < service.ConnectionsMax; i++) { connections.Add(new ServedConnection(service)); }
        }

        _connections = [.. connections];
        _entries = new PollEntry[1 + _services.Length + _connections.Length];
        for (int i = 0; i < PagesMax; i++) { _freePages.Push(new PageBuffer(PageBytesMax)); }
        KeepSpare();
        _thread = new Thread(Run) { IsBackground = true, Name = "edgeproxy-serve" };
    }

    public void Start() => _thread.Start();

    /// <summary>Ends the thread and closes listeners and connections, finished or not.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        _thread.Join();
        foreach (Service service in _services) { service.Close(); }
        GiveUpSpare();
        _wake.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            _ = SlowPoll.Wait(_entries, Prepare(Environment.TickCount64));
            Turn(Environment.TickCount64);
        }

        foreach (ServedConnection connection in _connections)
        {
            if (connection.State != ServedState.Free) { Close(connection); }
        }
    }

    /// <summary>Names every descriptor to wait for.</summary>
    /// <returns>Milliseconds until the first deadline, -1 for none.</returns>
    private int Prepare(long nowMs)
    {
        bool accepting = nowMs >= _acceptAgainMs;
        long deadlineMs = accepting ? long.MaxValue : _acceptAgainMs;
        _entries[0] = new PollEntry(_wake.Descriptor, PollEvents.Readable);
        for (int i = 0; i < _services.Length; i++)
        {
            _entries[1 + i] = new PollEntry(accepting ? _services[i].Listener : Fd.None, PollEvents.Readable);
        }

        for (int i = 0; i < _connections.Length; i++)
        {
            ServedConnection connection = _connections[i];
            _entries[1 + _services.Length + i] = new PollEntry(connection.Socket, connection.Awaits);
            deadlineMs = Math.Min(deadlineMs, connection.State == ServedState.Free ? long.MaxValue : connection.DeadlineMs);
        }

        return deadlineMs == long.MaxValue ? -1 : (int)Math.Max(0, deadlineMs - nowMs);
    }

    private void Turn(long nowMs)
    {
        KeepSpare();
        for (int i = 0; i < _connections.Length; i++)
        {
            ServedConnection connection = _connections[i];
            if (connection.State == ServedState.Free) { continue; }
            bool ready = _entries[1 + _services.Length + i].Returned != PollEvents.None;
            if (ready && !TryStep(connection, nowMs)) { Close(connection); }
            else if (nowMs >= connection.DeadlineMs && connection.State != ServedState.Free) { Close(connection); }
        }

        for (int i = 0; i < _services.Length; i++)
        {
            if (_entries[1 + i].Returned != PollEvents.None) { Accept(_services[i], nowMs); }
        }
    }

    /// <returns>False when the connection is to be closed.</returns>
    private bool TryStep(ServedConnection connection, long nowMs)
    {
        switch (connection.State)
        {
            case ServedState.Reading:
                if (!connection.TryReceive(out bool full)) { return false; }
                return TryBeginAnswer(connection, full, nowMs) ? TrySend(connection, nowMs) : !full;
            case ServedState.Writing:
                return TrySend(connection, nowMs);
            default:
                return connection.Linger();
        }
    }

    private bool TryBeginAnswer(ServedConnection connection, bool full, long nowMs)
    {
        PageBuffer page = TakePage(connection);
        page.Clear();
        if (connection.Service.TryAnswer(connection.Socket, connection.Request, full, page))
        {
            connection.BeginAnswer(page, nowMs);
            return true;
        }

        _freePages.Push(page);
        return false;
    }

    private bool TrySend(ServedConnection connection, long nowMs)
    {
        PageBuffer? done = connection.Send(nowMs, out bool broken);
        if (done is not null) { _freePages.Push(done); }
        return !broken;
    }

    /// <summary>
    /// When every page is held by a peer that does not take its answer, the one that began first loses it.
    /// </summary>
    private PageBuffer TakePage(ServedConnection asking)
    {
        if (_freePages.Count == 0)
        {
            ServedConnection slowest = asking;
            foreach (ServedConnection connection in _connections)
            {
                bool slower = slowest.Page is null || connection.DeadlineMs < slowest.DeadlineMs;
                if (connection.Page is not null && slower) { slowest = connection; }
            }

            Close(slowest);
        }

        return _freePages.Pop();
    }

    private void Accept(Service service, long nowMs)
    {
        SysResult accepted = SlowSocket.Accept(service.Listener);
        if (IsShortage(accepted.Error) && _spare.IsOpen)
        {
            GiveUpSpare();
            accepted = SlowSocket.Accept(service.Listener);
        }

        if (!accepted.Ok)
        {
            // A shortage would be reported again at once; what concerned only that one connection is over.
            if (IsShortage(accepted.Error)) { _acceptAgainMs = nowMs + AcceptPauseMs; }
            return;
        }

        Fd peer = new(accepted.Value);
        if (service.Admits(peer)) { TakePlace(service).Open(peer, nowMs); }
        else { SlowSocket.Close(peer); }
    }

    private static bool IsShortage(Errno error) =>
        error is Errno.EMFILE or Errno.ENFILE or Errno.ENOBUFS or Errno.ENOMEM;

    private void KeepSpare()
    {
        if (_spare.IsOpen) { return; }
        SysResult opened = SlowSocket.OpenSpare();
        if (opened.Ok) { _spare = new Fd(opened.Value); }
    }

    private void GiveUpSpare()
    {
        if (_spare.IsOpen) { SlowSocket.Close(_spare); }
        _spare = Fd.None;
    }

    /// <summary>
    /// A free place, or that of whoever has waited longest: first those who have their answer, then those who have not
    /// asked.
    /// </summary>
    private ServedConnection TakePlace(Service service)
    {
        ServedConnection? longest = null;
        foreach (ServedConnection connection in _connections)
        {
            if (connection.Service != service) { continue; }
            if (connection.State == ServedState.Free) { return connection; }
            if (longest is null || GivesWayBefore(connection, longest)) { longest = connection; }
        }

        Close(longest!);
        return longest!;
    }

    private static bool GivesWayBefore(ServedConnection one, ServedConnection other) => one.State == other.State
        ? one.DeadlineMs < other.DeadlineMs
        : one.State == ServedState.Lingering || (one.State == ServedState.Reading && other.State == ServedState.Writing);

    private void Close(ServedConnection connection)
    {
        PageBuffer? page = connection.Close();
        if (page is not null) { _freePages.Push(page); }
        KeepSpare();
    }
}
