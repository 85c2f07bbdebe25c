namespace EdgeProxy.Load;

/// <summary>Swallows what it receives, uncopied, and closes after the peer's FIN.</summary>
internal sealed class SinkBackend(in SocketAddress listen, string? congestion) : Backend(listen, congestion)
{
    private const int DiscardBytes = 4 * 1024 * 1024;

    protected override void OnOpened(int fd) => Drain(fd);

    protected override void OnEvents(int fd, uint events) => Drain(fd);

    private void Drain(int fd)
    {
        for (int i = 0; i < TurnMax; i++)
        {
            int got = Net.Discard(fd, DiscardBytes);
            if (got == -Net.EAGAIN)
            {
                return;
            }

            if (got <= 0)
            {
                Net.Close(fd);
                return;
            }
        }

        Again(fd);
    }
}
