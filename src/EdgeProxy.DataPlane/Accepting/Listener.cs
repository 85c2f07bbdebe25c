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
    internal int Failures;     // In a row.
    internal bool Accepting;   // An operation is in flight: an accept, or the look whether there is anyone.
    internal bool Many;        // It is an accept that goes on after the first connection, counted by the budget.
    internal bool Looking;     // It is the look.
    internal bool Cancelled;   // It has been asked to end.
    internal bool Leaving;     // Removed: closed once nothing waits on it.
    internal bool LastCall;    // The accept in flight, or the last one, was armed after it was removed.
}
