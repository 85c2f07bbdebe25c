using EdgeProxy.Linux;

namespace EdgeProxy.DataPlane;

/// <summary>A listening socket as one loop has it.</summary>
internal struct Listener
{
    internal Fd Fd;
    internal int App;
    internal uint Generation;
    internal long RetryNs;     // Accepting starts again then; 0 when it is not held back.
    internal int BackoffMs;
    internal bool Accepting;
    internal bool AcceptsMany; // The accept in flight goes on after the first connection.
    internal bool Leaving;     // Removed: closed once nothing waits on it.
    internal bool LastCall;    // The accept in flight, or the last one, was armed after it was removed.
}
