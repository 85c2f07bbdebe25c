using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Numbered slots for values of one kind, in memory that never moves: a reference into one stays good while others are
/// taken. Freed slots are reused last in, first out: the warm one is taken again. What was never taken costs no memory.
/// </summary>
/// <typeparam name="T">What a slot holds; it also carries the chain of the free ones.</typeparam>
internal sealed class SlotPool<T> : IDisposable
    where T : unmanaged, ISlot
{
    private readonly PagedArray<T> _slots;
    private int _firstFree = -1;

    internal SlotPool(int slotsMax) => _slots = new PagedArray<T>(slotsMax);

    /// <summary>Slots in use.</summary>
    internal int Count { get; private set; }

    /// <summary>One past the highest slot that was ever in use.</summary>
    internal int Highest { get; private set; }

    internal ref T this[int index] => ref _slots[index];

    /// <summary>Takes a slot; its content is what was left in it, zero at first.</summary>
    internal int Take()
    {
        int index = _firstFree;
        if (index < 0) { index = Highest++; }
        else { _firstFree = _slots[index].NextFree; }
        Count++;
        return index;
    }

    internal void Free(int index)
    {
        Invariant.Holds(Count > 0);
        _slots[index].NextFree = _firstFree;
        _firstFree = index;
        Count--;
    }

    public void Dispose() => _slots.Dispose();
}
