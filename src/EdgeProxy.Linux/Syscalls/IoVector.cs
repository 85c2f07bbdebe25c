using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary><c>struct iovec</c> (readv(2)): 16 bytes on every 64-bit architecture.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    internal byte* Start;
    internal nuint Length;
}
