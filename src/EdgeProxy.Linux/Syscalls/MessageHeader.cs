using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary>
/// <c>struct mmsghdr</c> (recvmmsg(2)): a <c>struct msghdr</c> of 56 bytes and the length a call reports, 64 bytes in
/// all on 64-bit architectures. A pointer to one is also a pointer to its msghdr.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal unsafe struct MessageHeader
{
    internal SocketAddress* Name;
    internal int NameLength;
    private readonly int _pad1;
    internal IoVector* Pieces;
    internal nuint PieceCount;
    internal byte* Control;
    internal nuint ControlLength;
    internal int Flags;
    private readonly int _pad2;
    internal uint Length;
}
