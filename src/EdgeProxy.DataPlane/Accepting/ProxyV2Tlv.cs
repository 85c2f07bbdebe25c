namespace EdgeProxy.DataPlane;

/// <summary>Types of optional fields of a version 2 PROXY header that this program reads or writes.</summary>
internal enum ProxyV2Tlv : byte
{
    /// <summary>PP2_TYPE_CRC32C: four bytes.</summary>
    Checksum = 0x03,

    /// <summary>PP2_TYPE_UNIQUE_ID: up to 128 bytes.</summary>
    UniqueId = 0x05,

    /// <summary>First of the types left to applications: the client's country, two letters.</summary>
    Country = 0xE0,

    /// <summary>The region of the POP that took the client.</summary>
    PopRegion = 0xE1,
}
