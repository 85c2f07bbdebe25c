using System.Buffers.Binary;

namespace EdgeProxy.Linux;

/// <summary>
/// A connection to the kernel's netlink (netlink(7)). Called from the slow side, by one thread: one request at a time,
/// whose answer has come whole when <see cref="Ask"/> returns.
/// </summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    private const int AnswerBytesMax = 1 << 17; // What the kernel puts into one message of a dump: 32 KB.
    private const int PatienceMs = 5_000;       // The kernel answers at once: a bound, and not a wait.
    private readonly byte[] _answer = new byte[AnswerBytesMax];
    private int _fd;
    private uint _sequence;

    private NetlinkSocket(Fd descriptor) => _fd = descriptor.Number;

    /// <summary>
    /// What the kernel said about the latest refusal, in its own words; empty when it gave only a number.
    /// </summary>
    internal string Explanation { get; private set; } = "";

    internal static SysResult Open(int protocol, out NetlinkSocket? socket)
    {
        const int Type = Kernel.SOCK_RAW | Kernel.SOCK_CLOEXEC | Kernel.SOCK_NONBLOCK;
        SysResult opened = Libc.Result(Libc.socket(Kernel.AF_NETLINK, Type, protocol));
        socket = opened.Ok ? new NetlinkSocket(new Fd(opened.Value)) : null;
        if (!opened.Ok) { return opened; }

        // Wishes: explanations, answers without an echo of the request, dumps that heed what they were asked for.
        Fd descriptor = new(opened.Value);
        SocketCalls.SetInt(descriptor, NetlinkAbi.SOL_NETLINK, NetlinkAbi.NETLINK_EXT_ACK, 1);
        SocketCalls.SetInt(descriptor, NetlinkAbi.SOL_NETLINK, NetlinkAbi.NETLINK_CAP_ACK, 1);
        SocketCalls.SetInt(descriptor, NetlinkAbi.SOL_NETLINK, NetlinkAbi.NETLINK_GET_STRICT_CHK, 1);
        return opened;
    }

    /// <summary>
    /// Sends a request and gives each message of the answer to <paramref name="answer"/>, until the kernel says it is
    /// done.
    /// The error is the kernel's; EAGAIN: it never answered, or a dump changed while it was read.
    /// </summary>
    internal SysResult Ask(NetlinkMessage request, NetlinkAnswer? answer = null)
    {
        Explanation = "";
        ReadOnlySpan<byte> bytes = request.Complete(++_sequence);
        fixed (byte* first = bytes)
        {
            SysResult sent = Libc.Result(Libc.send(_fd, first, (nuint)bytes.Length, 0));
            if (!sent.Ok) { return sent; }
        }

        bool isWhole = true;
        while (true)
        {
            SysResult received = Receive();
            if (!received.Ok) { return received; }
            ReadOnlySpan<byte> rest = _answer.AsSpan(0, received.Value);
            while (TryCut(ref rest, out ReadOnlySpan<byte> message))
            {
                ushort type = BinaryPrimitives.ReadUInt16LittleEndian(message[4..]);
                ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(message[6..]);
                bool isOurs = BinaryPrimitives.ReadUInt32LittleEndian(message[8..]) == _sequence;
                if (!isOurs) { continue; } // Of a request given up.
                isWhole &= (flags & NetlinkAbi.NLM_F_DUMP_INTR) == 0;
                ReadOnlySpan<byte> body = message[NetlinkMessage.HeaderBytes..];
                if (type is NetlinkAbi.NLMSG_ERROR or NetlinkAbi.NLMSG_DONE)
                {
                    SysResult ended = End(type, flags, body);
                    return ended.Ok && !isWhole ? SysResult.Failed(Errno.EAGAIN) : ended;
                }

                answer?.Invoke(type, body);
            }
        }
    }

    public void Dispose()
    {
        int fd = Interlocked.Exchange(ref _fd, -1);
        if (fd >= 0) { Libc.close(fd); }
        Array.Clear(_answer); // A device's answer holds its keys.
    }

    private SysResult Receive()
    {
        while (true)
        {
            SysResult received;
            fixed (byte* first = _answer)
            {
                received = Libc.Result(Libc.recv(_fd, first, AnswerBytesMax, Kernel.MSG_TRUNC));
            }

            if (received.Value > AnswerBytesMax) { return SysResult.Failed(Errno.EMSGSIZE); }
            if (received.Error is not (Errno.EAGAIN or Errno.EINTR)) { return received; }
            PollEntry entry = new(new Fd(_fd), PollEvents.Readable);
            SysResult ready = SlowPoll.Wait(new Span<PollEntry>(ref entry), PatienceMs);
            if (ready.Value <= 0) { return SysResult.Failed(Errno.EAGAIN); }
        }
    }

    private static bool TryCut(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (rest.Length < NetlinkMessage.HeaderBytes) { return false; }
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (length < NetlinkMessage.HeaderBytes || length > rest.Length) { return false; }
        message = rest[..(int)length];
        rest = rest[(int)Math.Min((length + 3) & ~3u, (uint)rest.Length)..];
        return true;
    }

    /// <summary>
    /// <c>struct nlmsgerr</c>: the negated errno, the request's header (the whole request, where it is not capped),
    /// explanations.
    /// </summary>
    private SysResult End(ushort type, ushort flags, ReadOnlySpan<byte> body)
    {
        int error = body.Length >= sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(body) : 0;
        bool isExplained = type == NetlinkAbi.NLMSG_ERROR && (flags & NetlinkAbi.NLM_F_ACK_TLVS) != 0
            && (flags & NetlinkAbi.NLM_F_CAPPED) != 0 && body.Length > sizeof(int) + NetlinkMessage.HeaderBytes;
        if (error != 0 && isExplained)
        {
            NetlinkAttributes attributes = new(body[(sizeof(int) + NetlinkMessage.HeaderBytes)..]);
            while (attributes.MoveNext())
            {
                if (attributes.Type == NetlinkAbi.NLMSGERR_ATTR_MSG) { Explanation = attributes.Text; }
            }
        }

        return error < 0 ? new SysResult(error) : new SysResult(0);
    }
}
