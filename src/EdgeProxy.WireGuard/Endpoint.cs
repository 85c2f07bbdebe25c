using System.Buffers.Binary;

namespace EdgeProxy.WireGuard;

/// <summary>Where a peer's datagrams come from and go to.</summary>
/// <param name="High">Bits 127..64 of the address in its IPv6 form, IPv4 mapped (::ffff:a.b.c.d), host order.</param>
/// <param name="Low">Bits 63..0, host order.</param>
/// <param name="Port">The UDP port, host order.</param>
/// <param name="ScopeId">The interface of a link-local address, zero otherwise.</param>
/// <param name="LocalHigh">Our address the peer sends to, bits 127..64; zero with the next while nobody knows.</param>
/// <param name="LocalLow">Bits 63..0. Answers leave from there, or the peer's firewall might not know them.</param>
public readonly record struct Endpoint(
    ulong High, ulong Low, ushort Port, uint ScopeId = 0, ulong LocalHigh = 0, ulong LocalLow = 0)
{
    internal const int Bytes = 18;

    /// <summary>Left to the kernel: which of our addresses datagrams leave from.</summary>
    public Endpoint WithoutLocal => this with { LocalHigh = 0, LocalLow = 0 };

    internal bool IsIPv4 => High == 0 && Low >> 32 == 0xFFFF;

    /// <summary>As a cookie binds it: address and port.</summary>
    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[16..], Port);
    }
}
