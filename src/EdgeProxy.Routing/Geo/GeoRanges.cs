namespace EdgeProxy.Routing;

/// <summary>
/// The ranges of a <see cref="GeoTable"/> in one of two forms, which answer alike. Immutable; any thread may ask.
/// </summary>
internal abstract class GeoRanges
{
    /// <summary>Ranges of both families.</summary>
    public abstract int Count { get; }

    public abstract Country FindV4(uint address);

    /// <param name="high">Upper half of an address within 2000::/3.</param>
    public abstract Country FindV6(ulong high);

    /// <exception cref="GeoFileException">They were packed and the steps do not add up.</exception>
    public abstract FlatRanges ToFlat();
}
