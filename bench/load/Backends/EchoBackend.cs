using System.Runtime.InteropServices;

namespace EdgeProxy.Load;

/// <summary>
/// Sends back what it receives. What the peer does not take at once is kept, and nothing more is read until it is
/// gone; after the peer's FIN the rest goes out before the connection closes.
/// </summary>
internal sealed unsafe class EchoBackend : Backend
{
    private readonly Unsent[] _unsent;

    public EchoBackend(in SocketAddress listen, string? congestion, int descriptorsMax)
        : base(listen, congestion) => _unsent = new Unsent[descriptorsMax];

    protected override void OnOpened(int fd)
    {
        _unsent[fd] = default;
        Pump(fd);
    }

    protected override void OnEvents(int fd, uint events) => Pump(fd);

    private void Pump(int fd)
    {
        for (int i = 0; i < TurnMax; i++)
        {
            if (_unsent[fd].Count > 0 && !Flush(fd))
            {
                return;
            }

            int got = Net.Receive(fd, Buffer, BufferBytes);
            if (got == -Net.EAGAIN)
            {
                return;
            }

            if (got <= 0)
            {
                End(fd);
                return;
            }

            int sent = Math.Max(Net.Send(fd, Buffer, got), 0);
            if (sent < got)
            {
                Keep(fd, sent, got);
                return;
            }
        }

        Again(fd);
    }

    private void Keep(int fd, int from, int to)
    {
        ref Unsent unsent = ref _unsent[fd];
        unsent.Bytes = (nint)NativeMemory.Alloc((nuint)(to - from));
        unsent.Count = to - from;
        unsent.Sent = 0;
        new ReadOnlySpan<byte>(Buffer + from, to - from).CopyTo(new Span<byte>((void*)unsent.Bytes, unsent.Count));
    }

    /// <summary>True when nothing is left; false when the peer takes no more, or is gone.</summary>
    private bool Flush(int fd)
    {
        ref Unsent unsent = ref _unsent[fd];
        int sent = Net.Send(fd, (byte*)unsent.Bytes + unsent.Sent, unsent.Count - unsent.Sent);
        if (sent < 0)
        {
            if (sent != -Net.EAGAIN)
            {
                End(fd);
            }

            return false;
        }

        unsent.Sent += sent;
        if (unsent.Sent < unsent.Count)
        {
            return false;
        }

        Release(fd);
        return true;
    }

    private void Release(int fd)
    {
        NativeMemory.Free((void*)_unsent[fd].Bytes);
        _unsent[fd] = default;
    }

    private void End(int fd)
    {
        Release(fd);
        Net.Close(fd);
    }

    private struct Unsent
    {
        public nint Bytes;
        public int Count;
        public int Sent;
    }
}
