namespace EdgeProxy.Linux;

/// <summary>Readiness asked for with, and reported by, <see cref="Io.Poll"/>; the values are poll(2)'s.</summary>
[Flags]
public enum PollEvents
{
    None = 0,
    Readable = 0x1,
    Writable = 0x4,
    Error = 0x8,
    HangUp = 0x10,

    /// <summary>The peer has shut its sending side.</summary>
    PeerFinished = 0x2000,
}
