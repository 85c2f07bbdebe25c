using System.Diagnostics;

namespace EdgeProxy.Load;

/// <summary>Round trips: every connection sends a message, waits for its echo, and sends the next.</summary>
internal sealed unsafe class PingPongClient : Client
{
    private readonly int _connections;
    private readonly int _bytes;
    private readonly State[] _states;
    private int _opened;
    private int _ready;

    public PingPongClient(in SocketAddress target, CommonOptions common, int connections, int bytes)
        : base(target, common)
    {
        _connections = connections;
        _bytes = bytes;
        _states = new State[DescriptorsMax];
    }

    public override string Unit => "round_trip";

    protected override bool Ready => _ready == _connections;

    protected override void Start() => OpenSome();

    protected override void OnTurn() => OpenSome();

    protected override void OnEvents(int fd, uint events)
    {
        ref State state = ref _states[fd];
        if (!state.Sent)
        {
            Ask(fd);
            return;
        }

        int got = Net.Receive(fd, Buffer, BufferBytes);
        if (got == -Net.EAGAIN)
        {
            return;
        }

        if (got <= 0)
        {
            Lose(fd, -got);
            return;
        }

        state.Received += got;
        if (state.Received >= _bytes)
        {
            Complete(fd, ref state);
        }
    }

    private void Complete(int fd, ref State state)
    {
        if (!state.Ready)
        {
            state.Ready = true;
            _ready++;
        }

        if (Measuring)
        {
            Units++;
            Latency.Add(Stopwatch.GetElapsedTime(state.StartedAt).Ticks * 100);
        }

        Ask(fd);
    }

    private void Ask(int fd)
    {
        ref State state = ref _states[fd];
        state.StartedAt = Stopwatch.GetTimestamp();
        state.Received = 0;
        int sent = Net.Send(fd, Buffer, _bytes);
        state.Sent = sent == _bytes;
        if (sent < 0 && sent != -Net.EAGAIN)
        {
            Lose(fd, -sent);
        }
    }

    private void Lose(int fd, int errno)
    {
        _ready -= _states[fd].Ready ? 1 : 0;
        _opened--;
        Fail(fd, errno);
    }

    private void OpenSome()
    {
        while (_opened < _connections && _opened - _ready < OpeningMax)
        {
            int fd = Connect();
            if (fd < 0)
            {
                return;
            }

            _opened++;
            _states[fd] = default;
            Watch(fd, Poller.AllEdges);
        }
    }

    private struct State
    {
        public long StartedAt;
        public int Received;
        public bool Sent;
        public bool Ready;
    }
}
