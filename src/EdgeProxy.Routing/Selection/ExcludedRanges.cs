using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>Ranges of backends a pick must pass by; a bounded set on the stack.</summary>
internal struct ExcludedRanges
{
    /// <summary>Most ranges: attempts of one connection times the places one endpoint may be listed under.</summary>
    public const int Capacity = 64;

    private RangeArray _ranges;

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    public void Add(int first, int end) => _ranges[Count++] = (first, end);

    public readonly bool Contains(int backend)
    {
        for (int i = 0; i < Count; i++)
        {
            if (backend >= _ranges[i].First && backend < _ranges[i].End) { return true; }
        }

        return false;
    }

    /// <summary>Whether one range holds all of a range.</summary>
    public readonly bool Covers(int first, int end)
    {
        for (int i = 0; i < Count; i++)
        {
            if (first >= _ranges[i].First && end <= _ranges[i].End) { return true; }
        }

        return false;
    }

    /// <summary>Whether some range holds some of a range.</summary>
    public readonly bool Touches(int first, int end)
    {
        for (int i = 0; i < Count; i++)
        {
            if (first < _ranges[i].End && end > _ranges[i].First) { return true; }
        }

        return false;
    }

    [InlineArray(Capacity)]
    private struct RangeArray
    {
        private (int First, int End) _first;
    }
}
