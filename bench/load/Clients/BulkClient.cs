namespace EdgeProxy.Load;

/// <summary>Flows as fast as they go, downloads or uploads, and how evenly they share.</summary>
internal sealed unsafe class BulkClient : Client
{
    private const int TurnMax = 8; // Reads or writes of one flow before the others have theirs.
    private const int DiscardBytes = 4 * 1024 * 1024;

    private readonly int _flows;
    private readonly bool _upload;
    private readonly List<int> _descriptors = [];
    private readonly long[] _bytes;
    private readonly bool[] _moving;
    private int _movingCount;

    public BulkClient(in SocketAddress target, CommonOptions common, int flows, bool upload)
        : base(target, common)
    {
        _flows = flows;
        _upload = upload;
        _bytes = new long[DescriptorsMax];
        _moving = new bool[DescriptorsMax];
    }

    public override string Unit => "byte";

    /// <summary>Bytes of each flow while measuring.</summary>
    public IReadOnlyList<long> FlowBytes => [.. _descriptors.Select(fd => _bytes[fd])];

    protected override bool Ready => _movingCount == _flows;

    protected override void Start()
    {
        for (int i = 0; i < _flows; i++)
        {
            int fd = Connect();
            if (fd >= 0)
            {
                _descriptors.Add(fd);
                Watch(fd, Poller.AllEdges);
            }
        }
    }

    protected override void OnEvents(int fd, uint events)
    {
        for (int i = 0; i < TurnMax; i++)
        {
            int moved = _upload ? Net.Send(fd, Buffer, BufferBytes) : Net.Discard(fd, DiscardBytes);
            if (moved == -Net.EAGAIN)
            {
                return;
            }

            if (moved <= 0)
            {
                Fail(fd, -moved);
                return;
            }

            Count(fd, moved);
        }

        Again(fd);
    }

    private void Count(int fd, int moved)
    {
        if (!_moving[fd])
        {
            _moving[fd] = true;
            _movingCount++;
        }

        if (Measuring)
        {
            Units += moved;
            _bytes[fd] += moved;
        }
    }
}
