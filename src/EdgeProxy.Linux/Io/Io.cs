namespace EdgeProxy.Linux;

/// <summary>
/// The seam of the data plane: everything a loop does to the outside goes through here. Operations that may wait are
/// submitted and come back as <see cref="Completion"/>s; calls that never wait answer at once. One thread owns an
/// instance; only <see cref="Wake"/> may be called from others. Three implementations: io_uring, epoll and, in the
/// tests, a seeded simulation, none of which any data-plane code can tell from another.
/// </summary>
/// <remarks>
/// Rules every implementation keeps:
/// <list type="bullet">
/// <item>Every submitted operation completes at least once, and exactly once without <see cref="Completion.More"/>,
/// also after <see cref="Cancel"/> (then with ECANCELED, or with the result it had reached).</item>
/// <item>Completions on one descriptor arrive in the order in which they happened: an error is told once, and whoever
/// meets the end after it sees a plain end. Nothing completes inside the submitting call.</item>
/// <item><see cref="Close"/> is called only when none of the descriptor's operations is in flight.</item>
/// <item>A buffer handed out by a completion or by <see cref="TryRent"/> is the caller's until <see cref="Return"/>;
/// a buffer given to <see cref="Send"/> must stay the caller's until that send has completed.</item>
/// <item>At most one receive, one send, one poll for reading and one poll for writing are in flight per
/// descriptor.</item>
/// </list>
/// </remarks>
public abstract class Io : IDisposable
{
    public abstract IoEngine Engine { get; }

    /// <summary>Size of every buffer, in bytes.</summary>
    public abstract int BufferBytes { get; }

    /// <summary>One past the highest buffer number that can ever be handed out.</summary>
    public abstract int BuffersMax { get; }

    /// <summary>Monotonic time in nanoseconds. Costs a vDSO call: read once per turn and keep.</summary>
    public abstract long ReadClockNs();

    // Waiting

    /// <summary>
    /// Submits what is queued and takes completions, at most <paramref name="completions"/>.Length. Waits until there
    /// is one, until <paramref name="timeoutNs"/> has passed (0: does not wait; negative: no limit) or until
    /// <see cref="Wake"/>.
    /// </summary>
    /// <returns>How many were written.</returns>
    public abstract int Wait(Span<Completion> completions, long timeoutNs);

    /// <summary>Makes a current or the next <see cref="Wait"/> return soon. Any thread.</summary>
    public abstract void Wake();

    // Operations that complete later

    /// <summary>
    /// Accepts connections; Result is the new descriptor. With <paramref name="many"/> it stays armed while More is
    /// set. A failure (EMFILE, ENFILE, ENOMEM, ENOBUFS) ends it: arm again after a pause.
    /// </summary>
    public abstract void Accept(Fd listener, bool many, ulong token);

    /// <summary>Connects; Result 0 or the reason (ECONNREFUSED, ENETUNREACH, ETIMEDOUT, …).</summary>
    public abstract void Connect(Fd socket, in SocketAddress target, ulong token);

    /// <summary>
    /// Receives until cancelled: each completion with Result &gt; 0 carries a buffer. Result 0 is the peer's FIN and
    /// ends it; ENOBUFS ends it when no buffer was free; ECONNRESET and others end it.
    /// </summary>
    public abstract void Receive(Fd socket, ulong token);

    /// <summary>
    /// Sends <paramref name="count"/> bytes of a buffer; Result is how many went out, fewer only on an error or cancel.
    /// </summary>
    public abstract void Send(Fd socket, int buffer, int offset, int count, ulong token);

    /// <summary>
    /// Completes once when the descriptor shows any of <paramref name="events"/> (errors and hang-up always); Result is
    /// the events. It may come early, when what was there has been taken meanwhile: the call that follows says EAGAIN.
    /// </summary>
    public abstract void Poll(Fd socket, PollEvents events, ulong token);

    /// <summary>
    /// Asks for an operation's end. It still completes; an accept for which a connection waits takes it instead. Tokens
    /// must be unique among all that are in flight.
    /// </summary>
    public abstract void Cancel(Fd socket, ulong token);

    // Buffers

    /// <summary>The bytes of a buffer the caller holds.</summary>
    public abstract Span<byte> Bytes(int buffer);

    /// <summary>Takes a free buffer; false when there is none.</summary>
    public abstract bool TryRent(out int buffer);

    /// <summary>Gives a buffer back.</summary>
    public abstract void Return(int buffer);

    /// <summary>Buffers not handed out.</summary>
    public abstract int BuffersFree { get; }

    /// <summary>
    /// Gives the memory of buffers that nobody needed since the last call back to the system, a bounded part per call.
    /// To be called about once a second while it answers true, between two <see cref="Wait"/>s.
    /// </summary>
    /// <returns>True when a later call may find more.</returns>
    public abstract bool TrimBuffers();

    // Calls that answer at once

    /// <summary>
    /// Accepts one connection that waits; EAGAIN when none does. Not while an operation of the listener is in flight: a
    /// <see cref="Poll"/> tells when to call.
    /// </summary>
    public abstract SysResult AcceptNow(Fd listener);

    /// <summary>
    /// Opens a stream socket for <see cref="Connect"/>. EMFILE, ENFILE, ENOBUFS, ENOMEM are the host's shortage.
    /// </summary>
    public abstract SysResult OpenStream(bool ipv6);

    /// <summary>Closes with a FIN (or what the kernel sends when unread bytes remain).</summary>
    public abstract void Close(Fd socket);

    /// <summary>Closes with a RST (SO_LINGER of zero, socket(7)), discarding what was not sent.</summary>
    public abstract void CloseWithReset(Fd socket);

    /// <summary>Sends a FIN after what is queued (shutdown(2), SHUT_WR).</summary>
    public abstract SysResult ShutdownSend(Fd socket);

    public abstract SysResult Set(Fd socket, SocketOption option, int value);

    /// <summary>
    /// Sets TCP_CONGESTION (tcp(7)); <paramref name="algorithm"/> is an index into the list given at creation.
    /// </summary>
    public abstract SysResult SetCongestion(Fd socket, int algorithm);

    /// <summary>Address of the other end (getpeername(2)).</summary>
    public abstract SysResult PeerAddress(Fd socket, out SocketAddress address);

    /// <summary>Own address of a socket (getsockname(2)).</summary>
    public abstract SysResult LocalAddress(Fd socket, out SocketAddress address);

    /// <summary>Bytes the kernel still holds unsent (SIOCOUTQ, tcp(7)).</summary>
    public abstract SysResult UnsentBytes(Fd socket);

    // Bulk

    /// <summary>
    /// Takes a pipe for splicing, of about <paramref name="capacityBytes"/>; EMFILE and EPERM mean: go on copying.
    /// </summary>
    public abstract SysResult OpenPipe(int capacityBytes, out Fd readEnd, out Fd writeEnd);

    /// <summary>
    /// Moves up to <paramref name="count"/> bytes from a socket into an empty pipe; 0 is FIN, EAGAIN nothing there.
    /// </summary>
    public abstract SysResult SpliceIn(Fd socket, Fd pipeWriteEnd, int count);

    /// <summary>
    /// Moves up to <paramref name="count"/> bytes from a pipe out to a socket; EAGAIN when it takes none.
    /// </summary>
    public abstract SysResult SpliceOut(Fd pipeReadEnd, Fd socket, int count);

    /// <summary>Closes an end of a pipe or another descriptor that never had an operation.</summary>
    public abstract void ClosePipe(Fd pipe);

    public abstract void Dispose();
}
