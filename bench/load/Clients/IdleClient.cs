namespace EdgeProxy.Load;

/// <summary>
/// Opens connections, sends one message through each so that its backend leg stands, then holds them in silence. The
/// memory of the proxy is read before and after; it has served and closed some connections by then and come to rest, so
/// that what it allocates once is not taken for what a connection costs.
/// </summary>
internal sealed unsafe class IdleClient : Client
{
    private const int TrialConnections = 64;

    private readonly int _connections;
    private readonly IReadOnlyList<int> _pids;
    private readonly bool[] _standing;
    private readonly List<int> _trial = [];
    private int _opened;
    private int _ready;
    private bool _trialOver;

    public IdleClient(in SocketAddress target, CommonOptions common, int connections)
        : base(target, common)
    {
        _connections = connections;
        _pids = ProcessUsage.WithChildren(common.Pids);
        _standing = new bool[DescriptorsMax];
    }

    public override string Unit => "connection";

    /// <summary>The proxy's memory before the connections that count.</summary>
    public ProcessMemory Before { get; private set; }

    /// <summary>Connections that stand.</summary>
    public int Standing => _ready;

    protected override bool Ready => _trialOver && _ready == _connections;

    private int Wanted => _trialOver ? _connections : Math.Min(TrialConnections, _connections);

    protected override void Start() => OpenSome();

    protected override void OnTurn()
    {
        if (!_trialOver && _ready == Wanted)
        {
            EndTrial();
        }

        OpenSome();
    }

    protected override void OnEvents(int fd, uint events)
    {
        int got = Net.Receive(fd, Buffer, BufferBytes);
        if (got > 0 && !_standing[fd])
        {
            _standing[fd] = true;
            _ready++;
        }
        else if (got == -Net.EAGAIN && !_standing[fd])
        {
            _ = Net.Send(fd, Buffer, 1); // Before the connection stands this comes to nothing and the next edge repeats it.
        }
        else if (got <= 0 && got != -Net.EAGAIN)
        {
            _ready -= _standing[fd] ? 1 : 0;
            _opened--;
            Fail(fd, -got);
        }
    }

    private void EndTrial()
    {
        _trial.ForEach(Net.Close);
        _trialOver = true;
        _opened = 0;
        _ready = 0;
        AwaitRest();
        Before = ProcessMemory.Read(_pids);
    }

    /// <summary>
    /// Until the proxy does nothing any more: what it still unpacks after its start is no connection's either.
    /// </summary>
    private void AwaitRest()
    {
        const int LookMs = 200;
        const int LooksMax = 50;
        const long AtRestNs = 2_000_000;
        long used = ProcessUsage.Read(_pids).CpuNs;
        for (int look = 0; look < LooksMax; look++)
        {
            Pause(LookMs);
            long now = ProcessUsage.Read(_pids).CpuNs;
            if (now - used < AtRestNs)
            {
                return;
            }

            used = now;
        }
    }

    private void OpenSome()
    {
        while (_opened < Wanted && _opened - _ready < OpeningMax)
        {
            int fd = Connect();
            if (fd < 0)
            {
                return;
            }

            _opened++;
            _standing[fd] = false;
            if (!_trialOver)
            {
                _trial.Add(fd);
            }

            Watch(fd, Poller.AllEdges);
        }
    }
}
