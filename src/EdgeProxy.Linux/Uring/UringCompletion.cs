using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary><c>struct io_uring_cqe</c>, 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UringCompletion
{
    internal ulong UserData;
    internal int Result;
    internal uint Flags;
}
