namespace EdgeProxy.Load;

/// <summary>
/// The other side of `load integrity`. A connection that goes wrong is reset, so that the client sees it too; at the
/// end the counts are printed as JSON.
/// </summary>
internal sealed class IntegrityBackend : Backend
{
    private readonly Peer?[] _peers;
    private readonly Random _random;
    private long _right;
    private long _wrong;
    private string? _firstFault;

    public IntegrityBackend(in SocketAddress listen, string? congestion, int descriptorsMax, int seed)
        : base(listen, congestion)
    {
        _peers = new Peer?[descriptorsMax];
        _random = new Random(seed);
    }

    protected override void OnOpened(int fd)
    {
        _peers[fd] = new Peer(fd, _random);
        Step(fd);
    }

    protected override void OnEvents(int fd, uint events) => Step(fd);

    protected override void OnStopped() => Report.Write(json =>
    {
        json.WriteString("mode", "integrity-backend");
        json.WriteNumber("connections", Accepted);
        json.WriteNumber("right", _right);
        json.WriteNumber("wrong", _wrong);
        json.WriteString("first_fault", _firstFault);
    });

    private void Step(int fd)
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
        if (peer.Fault is null)
        {
            _right++;
            Net.Close(fd);
        }
        else
        {
            _wrong++;
            _firstFault ??= peer.Fault;
            Net.Reset(fd);
        }
    }
}
