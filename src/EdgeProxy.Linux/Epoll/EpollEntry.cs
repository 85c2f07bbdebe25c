namespace EdgeProxy.Linux;

/// <summary>What the epoll engine knows of one descriptor: its readiness and its at most two operations.</summary>
internal struct EpollEntry
{
    internal ulong ReadToken;
    internal ulong WriteToken;
    internal uint Generation; // Tells a descriptor number from its next use.
    internal uint Watched;    // Events registered; 0 before the first.
    internal int Buffer;
    internal int Offset;
    internal int Count;
    internal int Result;      // Bytes a send has moved so far, or a connect's immediate failure.
    internal PollEvents Seen; // Error, hang-up and the peer's FIN stay true once seen.
    internal EpollRead Read;
    internal EpollWrite Write;
    internal EpollSide Ready;
    internal bool CancelRead;
    internal bool CancelWrite;
    internal bool IsQueued;

    internal readonly bool IsRegistered => Watched != 0;

    internal readonly bool HasWorkNow =>
        (Read != EpollRead.None && (CancelRead || (Ready & EpollSide.Readable) != 0))
        || (Write != EpollWrite.None && (CancelWrite || (Ready & EpollSide.Writable) != 0));

    /// <summary>Forgets a closed descriptor. A queued number stays queued: it is then found without work.</summary>
    internal void Clear()
    {
        uint next = Generation + 1;
        bool queued = IsQueued;
        this = default;
        Generation = next;
        IsQueued = queued;
    }
}
