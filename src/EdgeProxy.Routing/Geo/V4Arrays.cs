using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>The IPv4 arrays of a <see cref="FlatRanges"/>, filled in ascending order.</summary>
internal struct V4Arrays(int ranges) : IRangeSink
{
    private int _count;
    private int _block;

    public int[] Firsts { get; } = new int[FlatRanges.V4Blocks + 1];

    public uint[] Ranges { get; } = new uint[ranges];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(ulong start, byte country)
    {
        int block = (int)(start >> 16);
        if (_block <= block) { BeginBlocks(block); }
        Ranges[_count++] = FlatRanges.RangeV4((uint)start, country);
        return true;
    }

    private void BeginBlocks(int last)
    {
        Firsts.AsSpan(_block, last - _block + 1).Fill(_count);
        _block = last + 1;
    }

    /// <summary>The blocks after the last start hold none.</summary>
    public readonly void Finish() => Firsts.AsSpan(_block).Fill(_count);
}
