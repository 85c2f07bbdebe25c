namespace EdgeProxy.Routing;

/// <summary>The kinds of value in a MaxMind DB file, as the format numbers them.</summary>
internal enum MmdbType : byte
{
    Pointer = 1,
    Text = 2,
    Double = 3,
    Bytes = 4,
    UInt16 = 5,
    UInt32 = 6,
    Map = 7,
    Int32 = 8,
    UInt64 = 9,
    UInt128 = 10,
    Array = 11,
    Boolean = 14,
    Float = 15,
}
