namespace EdgeProxy.Testing;

/// <summary>The places where a simulated host can fail a call or an operation.</summary>
public enum Fault
{
    /// <summary>accept fails for want of descriptors or memory; the connection stays in the queue.</summary>
    Accept,

    /// <summary>connect fails whatever the other end would have said.</summary>
    Connect,

    /// <summary>receive fails for want of memory, or the connection breaks.</summary>
    Receive,

    /// <summary>send fails for want of memory, or the connection breaks.</summary>
    Send,

    /// <summary>No buffer although some are free: io_uring's ring of provided ones may have run dry.</summary>
    NoBuffer,

    /// <summary>An operation that would stay armed ends with its result, More unset.</summary>
    Disarm,

    /// <summary>A poll completes although nothing shows.</summary>
    EarlyPoll,

    /// <summary>A wait returns early with nothing.</summary>
    EmptyWait,

    OpenStream,
    OpenPipe,
    SpliceIn,
    SpliceOut,
    ShutdownSend,
    Set,
    SetCongestion,
    PeerAddress,
    LocalAddress,
    UnsentBytes,

    /// <summary>No socket of the address family can be opened: IPv6 is switched off, say.</summary>
    NoFamily,

    /// <summary>accept fails for a reason that is not the host's shortage; the connection stays in the queue.</summary>
    AcceptRefused,
}
