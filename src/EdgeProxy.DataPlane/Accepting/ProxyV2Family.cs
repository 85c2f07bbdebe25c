namespace EdgeProxy.DataPlane;

/// <summary>High four bits of byte 14 of a version 2 PROXY header.</summary>
internal enum ProxyV2Family : byte
{
    Unspecified = 0,
    Inet = 1,
    Inet6 = 2,
    Unix = 3,
}
