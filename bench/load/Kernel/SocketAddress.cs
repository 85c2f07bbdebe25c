using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace EdgeProxy.Load;

/// <summary><c>struct sockaddr_in</c> (ip(7)) or <c>sockaddr_in6</c> (ipv6(7)), in network order.</summary>
[StructLayout(LayoutKind.Explicit, Size = 28)]
internal struct SocketAddress
{
    public const ushort AF_INET = 2;
    public const ushort AF_INET6 = 10;

    [FieldOffset(0)] public ushort Family;
    [FieldOffset(2)] private ushort _port;
    [FieldOffset(4)] private uint _v4;
    [FieldOffset(8)] private ulong _v6High;
    [FieldOffset(16)] private ulong _v6Low;

    public readonly uint Length => Family == AF_INET ? 16u : 28u;

    public readonly ushort Port => BinaryPrimitives.ReverseEndianness(_port);

    /// <summary>Parses "127.0.0.1:7000" or "[::1]:7000".</summary>
    /// <exception cref="LoadException">The text is not an address with a port.</exception>
    public static SocketAddress Parse(string text)
    {
        if (!IPEndPoint.TryParse(text, out IPEndPoint? point) || !text.Contains(':', StringComparison.Ordinal))
        {
            throw new LoadException($"'{text}' is not an address and port, as in 127.0.0.1:7000 or [::1]:7000.");
        }

        return From(point.Address, (ushort)point.Port);
    }

    public static SocketAddress From(IPAddress ip, ushort port)
    {
        SocketAddress address = default;
        address._port = BinaryPrimitives.ReverseEndianness(port);
        Span<byte> bytes = stackalloc byte[16];
        ip.TryWriteBytes(bytes, out int written);
        if (written == 4)
        {
            address.Family = AF_INET;
            address._v4 = MemoryMarshal.Read<uint>(bytes);
        }
        else
        {
            address.Family = AF_INET6;
            address._v6High = MemoryMarshal.Read<ulong>(bytes);
            address._v6Low = MemoryMarshal.Read<ulong>(bytes[8..]);
        }

        return address;
    }

    /// <summary>
    /// The n-th loopback address for a client to come from, port chosen by the kernel: 127.0.1.1 and on. Many sources
    /// keep one machine from running out of ports, and are many clients to a proxy that keeps clients on a backend.
    /// </summary>
    public static SocketAddress Source(int n)
    {
        SocketAddress address = default;
        address.Family = AF_INET;
        address._v4 = BinaryPrimitives.ReverseEndianness(0x7F00_0101u + (uint)n);
        return address;
    }

    public override readonly string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        MemoryMarshal.Write(bytes, _v6High);
        MemoryMarshal.Write(bytes[8..], _v6Low);
        if (Family != AF_INET6)
        {
            MemoryMarshal.Write(bytes, _v4);
            bytes = bytes[..4];
        }

        return new IPEndPoint(new IPAddress(bytes), Port).ToString();
    }
}
