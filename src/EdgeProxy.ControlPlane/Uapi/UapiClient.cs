using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Asks a WireGuard program about its device: this one's built-in engine, or any other that has the socket.
/// </summary>
public static class UapiClient
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>Largest answer taken: ten thousand peers with their blocks are a third of it.</summary>
    private const int AnswerBytesMax = 16 * 1024 * 1024;

    /// <summary>Sends <c>get=1</c> and waits for the whole answer.</summary>
    /// <param name="path">The socket.</param>
    /// <param name="timeoutMs">Longest wait altogether.</param>
    public static UapiAnswer Get(string path, int timeoutMs = 5_000)
    {
        SysResult connected = SlowSocket.ConnectUnix(path);
        if (!connected.Ok) { return Unreachable(path, connected.Error); }
        Fd socket = new(connected.Value);
        byte[] answer = new byte[ChunkBytes];
        try
        {
            SysResult sent = SlowSocket.Send(socket, "get=1\n\n"u8);
            return sent.Ok ? Receive(socket, path, ref answer, Environment.TickCount64 + timeoutMs)
                : Failed($"{path}: {sent.Error}");
        }
        finally
        {
            answer.AsSpan().Clear();
            SlowSocket.Close(socket);
        }
    }

    private static UapiAnswer Receive(Fd socket, string path, ref byte[] answer, long deadlineMs)
    {
        int length = 0;
        while (length < AnswerBytesMax)
        {
            if (length == answer.Length)
            {
                byte[] small = answer;
                Array.Resize(ref answer, 2 * length);
                small.AsSpan().Clear();
            }

            SysResult got = SlowSocket.Receive(socket, answer.AsSpan(length));
            if (got.Error == Errno.EAGAIN && WaitReadable(socket, deadlineMs)) { continue; }
            if (!got.Ok) { return Failed($"{path}: no answer ({got.Error}); try again."); }
            length += got.Value;
            ReadOnlySpan<byte> whole = answer.AsSpan(0, length);
            if (got.Value > 0 && !UapiParser.IsWhole(whole)) { continue; }
            return UapiAnswer.Read(whole) is { } state
                ? new UapiAnswer { State = state }
                : Failed($"{path}: what answers there is no WireGuard program, or it serves its own user and root "
                    + "only; try with sudo.");
        }

        return Failed($"{path}: the answer is larger than {AnswerBytesMax} bytes.");
    }

    private static bool WaitReadable(Fd socket, long deadlineMs)
    {
        long leftMs = deadlineMs - Environment.TickCount64;
        if (leftMs <= 0) { return false; }
        PollEntry entry = new(socket, PollEvents.Readable);
        return SlowPoll.Wait(new Span<PollEntry>(ref entry), (int)leftMs).Ok;
    }

    private static UapiAnswer Unreachable(string path, Errno error) => error switch
    {
        Errno.ENOENT or Errno.ECONNREFUSED => new UapiAnswer
        {
            Problem = $"{path}: no program has that device. Start the proxy with EDGEPROXY_WIREGUARD on; a device of "
                + "the kernel is shown by `wg show`.",
            IsNotRunning = true,
        },
        Errno.EACCES or Errno.EPERM =>
            Failed($"{path}: the socket belongs to another user. Run as that user, or with sudo."),
        Errno.EINVAL =>
            Failed($"{path}: the path is longer than the {SlowSocket.UnixPathBytesMax} bytes a Unix socket can have."),
        _ => Failed($"{path}: cannot connect ({error})."),
    };

    private static UapiAnswer Failed(string problem) => new() { Problem = problem };
}
