namespace EdgeProxy.Routing;

/// <summary>Optional fields of a version 2 PROXY header.</summary>
[Flags]
public enum ProxyTlvs : byte
{
    None = 0,

    /// <summary>PP2_TYPE_CRC32C, a checksum of the whole header.</summary>
    Checksum = 1,

    /// <summary>PP2_TYPE_UNIQUE_ID, a number of this connection, unique in this process's life.</summary>
    UniqueId = 2,

    /// <summary>The client's country as two letters, in the custom type 0xE0.</summary>
    Country = 4,

    /// <summary>This POP's region, in the custom type 0xE1.</summary>
    PopRegion = 8,
}
