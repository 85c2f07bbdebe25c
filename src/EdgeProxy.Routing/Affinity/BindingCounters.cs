using System.Runtime.InteropServices;

namespace EdgeProxy.Routing;

/// <summary>
/// What all threads change, each in a pair of cache lines of its own and away from what they only read.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 7 * 128)]
internal struct BindingCounters
{
    /// <summary>Bindings held, or about to be.</summary>
    [FieldOffset(1 * 128)]
    public long Count;

    [FieldOffset(2 * 128)]
    public long Evicted;

    [FieldOffset((2 * 128) + sizeof(long))]
    public long Expired;

    /// <summary>Overflow buckets ever taken: those above have never been touched.</summary>
    [FieldOffset(3 * 128)]
    public int Taken;

    /// <summary>The first free overflow bucket; the upper half counts changes, so that a stale view fails.</summary>
    [FieldOffset((3 * 128) + sizeof(long))]
    public long Free;

    /// <summary>1 while a thread splits a chain.</summary>
    [FieldOffset(4 * 128)]
    public int Growing;

    /// <summary>The chain that was swept last; one thread's own.</summary>
    [FieldOffset(5 * 128)]
    public int Swept;
}
