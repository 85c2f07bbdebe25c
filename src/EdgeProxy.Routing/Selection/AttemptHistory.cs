using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>The backend slots one connection has tried, oldest first. No references; 36 bytes.</summary>
public struct AttemptHistory
{
    /// <summary>Most attempts one connection can make.</summary>
    public const int Capacity = 8;

    private SlotArray _slots;

    public int Count { get; private set; }

    public void Add(int slot)
    {
        Invariant.Holds(Count < Capacity);
        _slots[Count++] = slot;
    }

    /// <summary>Forgets the last one: nothing was tried there after all.</summary>
    public void RemoveLast()
    {
        Invariant.Holds(Count > 0);
        Count--;
    }

    public readonly int this[int attempt] => _slots[attempt];

    public readonly bool Contains(int slot)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_slots[i] == slot) { return true; }
        }

        return false;
    }

    [InlineArray(Capacity)]
    private struct SlotArray
    {
        private int _first;
    }
}
