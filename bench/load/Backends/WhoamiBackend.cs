using System.Text;

namespace EdgeProxy.Load;

/// <summary>
/// Answers who it is, once, and closes: an HTTP request gets an HTTP answer, anything else (a line, or just a FIN) one
/// line. So `curl`, `nc` and `load ask` all show where a connection went.
/// </summary>
internal sealed unsafe class WhoamiBackend(in SocketAddress listen, string name, string region)
    : Backend(listen, congestion: null)
{
    private readonly byte[] _line = Encoding.UTF8.GetBytes($"{name} ({region})\n");
    private readonly byte[] _http = Encoding.UTF8.GetBytes(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n" +
        $"Content-Length: {Encoding.UTF8.GetByteCount($"{name} ({region})\n")}\r\n\r\n{name} ({region})\n");

    protected override void OnOpened(int fd) => Answer(fd);

    protected override void OnEvents(int fd, uint events) => Answer(fd);

    /// <summary>
    /// Answers the first bytes (a question fits into one segment), finishes, and closes only after the peer's FIN, so
    /// that no unread byte turns the answer into a RST.
    /// </summary>
    private void Answer(int fd)
    {
        int got = Net.Receive(fd, Buffer, BufferBytes);
        if (got == -Net.EAGAIN)
        {
            return;
        }

        if (got < 0)
        {
            Net.Close(fd);
            return;
        }

        ReadOnlySpan<byte> request = new(Buffer, got);
        byte[] answer = request.IndexOf(" HTTP/1."u8) >= 0 ? _http : _line;
        fixed (byte* bytes = answer)
        {
            _ = Net.Send(fd, bytes, answer.Length); // A closed peer is told nothing.
        }

        if (got == 0)
        {
            Net.Close(fd);
        }
        else
        {
            Net.Finish(fd);
        }
    }
}
