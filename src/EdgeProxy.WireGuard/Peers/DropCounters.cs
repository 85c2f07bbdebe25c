namespace EdgeProxy.WireGuard;

/// <summary>What was dropped, by reason; counted by any thread.</summary>
public sealed class DropCounters
{
    private readonly long[] _counts = new long[(int)DropReason.NoHandshake + 1];

    public long this[DropReason reason] => Volatile.Read(ref _counts[(int)reason]);

    internal void Add(DropReason reason, int count = 1) => Interlocked.Add(ref _counts[(int)reason], count);
}
