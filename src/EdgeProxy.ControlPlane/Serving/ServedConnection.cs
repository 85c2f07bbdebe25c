using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>One place for a connection of a service; made once and used again and again.</summary>
internal sealed class ServedConnection(Service service)
{
    /// <summary>Time for the whole request to arrive.</summary>
    private const int ReadMs = 5_000;

    /// <summary>Time for the whole answer to be taken.</summary>
    private const int WriteMs = 10_000;

    /// <summary>Time for the peer to finish after the answer.</summary>
    private const int LingerMs = 1_000;

    /// <summary>Most bytes thrown away while lingering.</summary>
    private const int LingerBytesMax = 256 * 1024;

    private const int FirstBytes = 4 * 1024;

    private byte[] _request = new byte[Math.Min(FirstBytes, service.RequestBytesMax)];
    private int _received;
    private int _sent;
    private int _thrownAway;

    public Service Service => service;

    public Fd Socket { get; private set; } = Fd.None;

    public ServedState State { get; private set; }

    /// <summary>When the current state must be over, in milliseconds of the caller's clock.</summary>
    public long DeadlineMs { get; private set; }

    /// <summary>The answer on its way; held from the whole request to the last byte sent.</summary>
    public PageBuffer? Page { get; private set; }

    public PollEvents Awaits => State == ServedState.Writing ? PollEvents.Writable : PollEvents.Readable;

    public void Open(Fd socket, long nowMs)
    {
        Invariant.Holds(State == ServedState.Free);
        Socket = socket;
        _received = 0;
        _sent = 0;
        _thrownAway = 0;
        Enter(ServedState.Reading, nowMs + ReadMs);
    }

    /// <summary>Closes at once, whatever the state.</summary>
    /// <returns>The page it held, for the next to use.</returns>
    public PageBuffer? Close()
    {
        Invariant.Holds(State != ServedState.Free);
        SlowSocket.Close(Socket);
        Socket = Fd.None;
        if (service.HoldsSecrets)
        {
            _request.AsSpan().Clear();
            Page?.Wipe();
        }

        PageBuffer? page = Page;
        Page = null;
        Enter(ServedState.Free, long.MaxValue);
        return page;
    }

    /// <summary>Takes in what has arrived.</summary>
    /// <param name="full">Nothing more is to come or would fit.</param>
    /// <returns>False when the connection is of no further use.</returns>
    public bool TryReceive(out bool full)
    {
        if (_received == _request.Length) { Grow(); }
        SysResult got = SlowSocket.Receive(Socket, _request.AsSpan(_received));
        full = got.Value == 0;
        if (!got.Ok) { return got.Error == Errno.EAGAIN; }
        _received += got.Value;
        full |= _received == service.RequestBytesMax;
        return true;
    }

    public ReadOnlySpan<byte> Request => _request.AsSpan(0, _received);

    public void BeginAnswer(PageBuffer page, long nowMs)
    {
        Invariant.Holds(State == ServedState.Reading);
        Page = page;
        Enter(ServedState.Writing, nowMs + WriteMs);
    }

    /// <summary>Sends what the peer takes; when all is out, says so and lingers.</summary>
    /// <returns>The page once it is free again.</returns>
    public PageBuffer? Send(long nowMs, out bool broken)
    {
        PageBuffer page = Page!;
        SysResult sent = SlowSocket.Send(Socket, page.Written[_sent..]);
        broken = !sent.Ok && sent.Error != Errno.EAGAIN;
        if (!sent.Ok) { return null; }
        _sent += sent.Value;
        if (_sent < page.Length) { return null; }
        SlowSocket.ShutdownSend(Socket);
        Page = null;
        if (service.HoldsSecrets) { page.Wipe(); }
        Enter(ServedState.Lingering, nowMs + LingerMs);
        return page;
    }

    /// <summary>Throws away what still arrives.</summary>
    /// <returns>False when the peer has finished or has sent too much.</returns>
    public bool Linger()
    {
        SysResult got = SlowSocket.Receive(Socket, _request);
        if (!got.Ok) { return got.Error == Errno.EAGAIN; }
        _thrownAway += got.Value;
        return got.Value > 0 && _thrownAway <= LingerBytesMax;
    }

    /// <summary>Most requests are short; the room a long one needed stays for the next.</summary>
    private void Grow()
    {
        byte[] small = _request;
        Array.Resize(ref _request, Math.Min(2 * small.Length, service.RequestBytesMax));
        if (service.HoldsSecrets) { small.AsSpan().Clear(); }
    }

    private void Enter(ServedState state, long deadlineMs)
    {
        Invariant.Holds(state == ServedState.Free || state == State + 1);
        State = state;
        DeadlineMs = deadlineMs;
    }
}
