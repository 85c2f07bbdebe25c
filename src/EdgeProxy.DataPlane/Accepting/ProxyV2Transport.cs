namespace EdgeProxy.DataPlane;

/// <summary>Low four bits of byte 14 of a version 2 PROXY header.</summary>
internal enum ProxyV2Transport : byte
{
    Unspecified = 0,
    Stream = 1,
    Datagram = 2,
}
