using System.Runtime.CompilerServices;

namespace EdgeProxy.Routing;

/// <summary>Takes ranges up to the one that holds an address, and keeps only that one's country.</summary>
internal struct RangeSearch(ulong address) : IRangeSink
{
    private byte _country;

    public readonly Country Country => new(_country);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(ulong start, byte country)
    {
        if (start > address) { return false; }
        _country = country;
        return true;
    }
}
