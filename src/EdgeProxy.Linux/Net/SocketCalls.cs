using System.Text;

namespace EdgeProxy.Linux;

/// <summary>Socket calls shared by the engines and the listeners.</summary>
internal static unsafe class SocketCalls
{
    internal const int CongestionNameMax = 16; // TCP_CA_NAME_MAX

    internal static SysResult SetInt(Fd socket, int level, int name, int value) =>
        Libc.Result(Libc.setsockopt(socket.Number, level, name, &value, sizeof(int)));

    internal static SysResult SetCongestion(Fd socket, string algorithm)
    {
        Span<byte> name = stackalloc byte[CongestionNameMax];
        int length = Encoding.ASCII.GetBytes(algorithm.AsSpan(0, Math.Min(algorithm.Length, CongestionNameMax - 1)), name);
        fixed (byte* pointer = name)
        {
            return Libc.Result(
                Libc.setsockopt(socket.Number, Kernel.IPPROTO_TCP, Kernel.TCP_CONGESTION, pointer, length));
        }
    }

    internal static SysResult LocalAddress(Fd socket, out SocketAddress address)
    {
        int length = sizeof(SocketAddress);
        fixed (SocketAddress* pointer = &address)
        {
            *pointer = default;
            return Libc.Result(Libc.getsockname(socket.Number, pointer, &length));
        }
    }
}
