using System.Diagnostics;

namespace EdgeProxy.Load;

/// <summary>
/// New connections, a fixed number at any time: connect, send, receive the echo, close. The request leaves right after
/// connect(2), as it does on loopback where the connection stands by then.
/// </summary>
internal sealed unsafe class ConnectionsClient : Client
{
    private readonly int _concurrency;
    private readonly int _bytes;
    private readonly State[] _states;
    private int _missing; // Connections that failed and are to be opened again, next turn.

    public ConnectionsClient(in SocketAddress target, CommonOptions common, int concurrency, int bytes)
        : base(target, common)
    {
        _concurrency = concurrency;
        _bytes = bytes;
        _states = new State[DescriptorsMax];
    }

    public override string Unit => "connection";

    protected override bool Ready => true;

    protected override void Start() => _missing = _concurrency;

    protected override void OnTurn()
    {
        int missing = _missing;
        _missing = 0;
        for (int i = 0; i < missing; i++)
        {
            OpenOne();
        }
    }

    protected override void OnEvents(int fd, uint events)
    {
        ref State state = ref _states[fd];
        if (!state.Sent)
        {
            int sent = Net.Send(fd, Buffer, _bytes);
            if (sent != _bytes)
            {
                End(fd, sent == -Net.EAGAIN ? null : -sent);
                return;
            }

            state.Sent = true;
        }

        int got = Net.Receive(fd, Buffer, BufferBytes);
        if (got <= 0)
        {
            End(fd, got == -Net.EAGAIN ? null : -got);
            return;
        }

        state.Received += got;
        if (state.Received >= _bytes)
        {
            Complete(fd, state.StartedAt);
        }
    }

    private void Complete(int fd, long startedAt)
    {
        Net.Close(fd);
        if (Measuring)
        {
            Units++;
            Latency.Add(Stopwatch.GetElapsedTime(startedAt).Ticks * 100);
        }

        OpenOne();
    }

    private void OpenOne()
    {
        long now = Stopwatch.GetTimestamp();
        int fd = Connect();
        if (fd < 0)
        {
            _missing++;
            return;
        }

        bool sent = Net.Send(fd, Buffer, _bytes) == _bytes;
        _states[fd] = new State { StartedAt = now, Sent = sent };
        Watch(fd, sent ? Poller.In | Poller.PeerFinished | Poller.Edge : Poller.AllEdges);
    }

    /// <summary>A failure with its errno, 0 for an early FIN; null when there is only nothing to do yet.</summary>
    private void End(int fd, int? errno)
    {
        if (errno is not null)
        {
            Fail(fd, errno.Value);
            _missing++;
        }
    }

    private struct State
    {
        public long StartedAt;
        public int Received;
        public bool Sent;
    }
}
