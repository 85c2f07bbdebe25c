using System.Buffers;
using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Asks a running proxy over its admin socket; what the command line's status and explain are made of.
/// </summary>
public static class AdminClient
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Largest answer taken, in bytes.</summary>
    private const int AnswerBytesMax = 64 * 1024 * 1024;

    /// <summary>Sends one request and waits for the whole answer.</summary>
    /// <param name="socketPath">Where the proxy's admin socket is.</param>
    /// <param name="request">The question.</param>
    /// <param name="timeoutMs">Longest wait altogether.</param>
    public static AdminAnswer Ask(string socketPath, AdminRequest request, int timeoutMs = 5_000)
    {
        SysResult connected = SlowSocket.ConnectUnix(socketPath);
        if (!connected.Ok) { return Unreachable(socketPath, connected.Error); }
        Fd socket = new(connected.Value);
        try
        {
            return Exchange(socket, socketPath, request.ToLine(), Environment.TickCount64 + timeoutMs);
        }
        finally
        {
            SlowSocket.Close(socket);
        }
    }

    private static AdminAnswer Exchange(Fd socket, string path, byte[] line, long deadlineMs)
    {
        // The line is shorter than any socket buffer, so it goes out whole or not at all.
        SysResult sent = SlowSocket.Send(socket, line);
        if (!sent.Ok) { return Failed($"{path}: the question could not be sent ({sent.Error})."); }
        ArrayBufferWriter<byte> answer = new(ChunkBytes);
        while (answer.WrittenCount < AnswerBytesMax)
        {
            SysResult got = SlowSocket.Receive(socket, answer.GetSpan(ChunkBytes));
            if (got.Error == Errno.EAGAIN)
            {
                if (WaitReadable(socket, deadlineMs)) { continue; }
                return Failed($"{path}: the proxy did not answer in time; see its log, or try again.");
            }

            if (!got.Ok) { return Failed($"{path}: the connection broke ({got.Error}); try again."); }
            if (got.Value == 0) { return Whole(path, answer.WrittenMemory); }
            answer.Advance(got.Value);
        }

        return Failed($"{path}: the answer is larger than {AnswerBytesMax} bytes; ask with a smaller limit.");
    }

    private static AdminAnswer Whole(string path, ReadOnlyMemory<byte> answer) => answer.Span.EndsWith("\n"u8)
        ? new AdminAnswer { Json = answer[..^1] }
        : Failed($"{path}: the answer is incomplete. The proxy serves its own user and root only; try with sudo.");

    private static bool WaitReadable(Fd socket, long deadlineMs)
    {
        long leftMs = deadlineMs - Environment.TickCount64;
        if (leftMs <= 0) { return false; }
        PollEntry entry = new(socket, PollEvents.Readable);
        return SlowPoll.Wait(new Span<PollEntry>(ref entry), (int)leftMs).Ok;
    }

    private static AdminAnswer Unreachable(string path, Errno error) => error switch
    {
        Errno.ENOENT or Errno.ECONNREFUSED => new AdminAnswer
        {
            Problem = $"{path}: no proxy listens there. Start it, or name its socket with EDGEPROXY_ADMIN_SOCKET.",
            IsNotRunning = true,
        },
        Errno.EACCES or Errno.EPERM => Failed($"{path}: the socket belongs to another user. Run as that user, or with sudo."),
        Errno.EINVAL => Failed($"{path}: the path is longer than the {SlowSocket.UnixPathBytesMax} bytes a Unix socket can have."),
        _ => Failed($"{path}: cannot connect ({error})."),
    };

    private static AdminAnswer Failed(string problem) => new() { Problem = problem };
}
