namespace EdgeProxy.Routing;

/// <summary>The head of a value.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Size">Bytes of a scalar, pairs of a map, elements of an array, the target of a pointer.</param>
/// <param name="Body">Offset in the file of what follows the head.</param>
internal readonly record struct MmdbValue(MmdbType Type, int Size, int Body)
{
    /// <summary>Offset of the next value, for everything but maps and arrays.</summary>
    public int End => Type is MmdbType.Pointer or MmdbType.Boolean ? Body : Body + Size;
}
