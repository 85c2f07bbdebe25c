using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>The IPv4 arrays of a <see cref="GeoTable"/>, filled in ascending order.</summary>
internal ref struct V4Arrays(int ranges)
{
    private int _count;
    private int _block;

    public int[] Firsts { get; } = new int[GeoTable.V4Blocks + 1];

    public ushort[] Lows { get; } = new ushort[ranges];

    public byte[] Countries { get; } = new byte[ranges];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(uint start, byte country)
    {
        int[] firsts = Firsts;
        for (int block = (int)(start >> 16); _block <= block;) { firsts[_block++] = _count; }
        Lows[_count] = (ushort)start;
        Countries[_count++] = country;
    }

    /// <summary>The blocks after the last start hold none.</summary>
    public void Finish() => Firsts.AsSpan(_block).Fill(_count);
}
