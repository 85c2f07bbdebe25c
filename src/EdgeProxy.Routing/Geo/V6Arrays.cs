using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>The IPv6 arrays of a <see cref="FlatRanges"/>, filled in ascending order.</summary>
internal struct V6Arrays(int ranges) : IRangeSink
{
    private int _count;

    /// <summary>Upper 64 bits of each range's first address.</summary>
    public ulong[] Starts { get; } = new ulong[ranges];

    public byte[] Countries { get; } = new byte[ranges];

    /// <summary>Whether every start but the first is one that is allocated.</summary>
    public bool IsGood { get; private set; } = true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(ulong start, byte country)
    {
        ulong first = start << (64 - GeoSteps.V6Bits);
        if (first - GeoTable.V6First > GeoTable.V6Last - GeoTable.V6First && first != 0) { IsGood = false; }
        Starts[_count] = first;
        Countries[_count++] = country;
        return true;
    }
}
