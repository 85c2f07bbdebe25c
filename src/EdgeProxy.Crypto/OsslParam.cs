using System.Runtime.InteropServices;

namespace EdgeProxy.Crypto;

/// <summary>OSSL_PARAM of openssl/core.h: a named value handed to an algorithm; a null name ends the list.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OsslParam
{
    public const uint UnsignedInteger = 2;
    public const uint Utf8String = 4;

    public byte* Key;
    public uint DataType;
    public void* Data;
    public nuint DataSize;
    public nuint ReturnSize;
}
