namespace EdgeProxy.Routing;

/// <summary>
/// Where unpacked ranges go, in ascending order. Its structs are known where they are filled: nothing is called through
/// it.
/// </summary>
internal interface IRangeSink
{
    /// <param name="start">First address of the range, as a number of the family's bits.</param>
    /// <param name="country">The country of the range.</param>
    /// <returns>False when no further range is wanted.</returns>
    bool Add(ulong start, byte country);
}
