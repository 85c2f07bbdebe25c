using System.Diagnostics;

namespace EdgeProxy.Load;

/// <summary>
/// Connections with a random plan each (see <see cref="Plan"/>), many at a time, until the count is done. Every byte
/// both ways is checked; one fault ends the run as a failure that names the seed.
/// </summary>
internal sealed class IntegrityClient : Client
{
    private readonly int _concurrency;
    private readonly long _count;
    private readonly long _bytesMax;
    private readonly Random _plans;
    private readonly Random _pieces; // Apart from the plans, which must not depend on how the network behaves.
    private readonly Peer?[] _peers;
    private readonly long[] _startedAt;
    private long _opened;
    private int _open;

    public IntegrityClient(
        in SocketAddress target, CommonOptions common, int concurrency, long count, long bytesMax, int seed)
        : base(target, common)
    {
        _concurrency = concurrency;
        _count = count;
        _bytesMax = bytesMax;
        _plans = new Random(seed);
        _pieces = new Random(seed);
        _peers = new Peer?[DescriptorsMax];
        _startedAt = new long[DescriptorsMax];
    }

    public override string Unit => "connection";

    /// <summary>Bytes found right, both ways.</summary>
    public long BytesVerified { get; private set; }

    /// <summary>The first thing that went wrong; null when nothing did.</summary>
    public string? FirstFault { get; private set; }

    protected override bool Ready => true;

    protected override void Start()
    {
    }

    protected override void OnTurn()
    {
        while (_open < _concurrency && _opened < _count)
        {
            int fd = Connect();
            if (fd < 0)
            {
                return;
            }

            _opened++;
            _open++;
            _peers[fd] = new Peer(fd, Plan.Random(_plans, _bytesMax), _pieces);
            _startedAt[fd] = Stopwatch.GetTimestamp();
            Watch(fd, Poller.AllEdges);
        }
    }

    protected override void OnEvents(int fd, uint events)
    {
        Peer peer = _peers[fd]!;
        if (peer.Step())
        {
            Again(fd);
        }

        if (!peer.IsOver)
        {
            return;
        }

        _peers[fd] = null;
        _open--;
        BytesVerified += peer.BytesMoved;
        Units++;
        if (peer.Fault is null)
        {
            Latency.Add(Stopwatch.GetElapsedTime(_startedAt[fd]).Ticks * 100);
            Net.Close(fd);
        }
        else
        {
            FirstFault ??= $"{peer.Fault} ({peer.Plan})";
            Fail(fd, 0);
        }
    }
}
