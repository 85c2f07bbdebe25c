namespace EdgeProxy.Load;

/// <summary>Sends as fast as the peer takes it, for ever or up to a number of bytes, then a FIN.</summary>
internal sealed unsafe class SourceBackend : Backend
{
    private readonly long _bytesMax;
    private readonly long[] _sent;

    /// <param name="bytesMax">Bytes per connection; 0 for no end.</param>
    public SourceBackend(in SocketAddress listen, string? congestion, int descriptorsMax, long bytesMax)
        : base(listen, congestion)
    {
        _bytesMax = bytesMax > 0 ? bytesMax : long.MaxValue;
        _sent = new long[descriptorsMax];
    }

    protected override void OnOpened(int fd)
    {
        _sent[fd] = 0;
        Fill(fd);
    }

    protected override void OnEvents(int fd, uint events)
    {
        if ((events & (Poller.PeerFinished | Poller.Error | Poller.HangUp)) != 0)
        {
            Net.Close(fd); // The peer has had enough.
            return;
        }

        Fill(fd);
    }

    private void Fill(int fd)
    {
        for (int i = 0; i < TurnMax; i++)
        {
            int count = (int)Math.Min(BufferBytes, _bytesMax - _sent[fd]);
            if (count == 0)
            {
                Net.Finish(fd);
                return;
            }

            int sent = Net.Send(fd, Buffer, count);
            if (sent == -Net.EAGAIN)
            {
                return;
            }

            if (sent < 0)
            {
                Net.Close(fd);
                return;
            }

            _sent[fd] += sent;
        }

        Again(fd);
    }
}
