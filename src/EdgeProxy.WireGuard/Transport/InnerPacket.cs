using System.Buffers.Binary;

namespace EdgeProxy.WireGuard;

/// <summary>As much of an IP packet as routing needs: its own length and its two addresses.</summary>
internal readonly ref struct InnerPacket
{
    private const int IPv4HeaderBytesMin = 20;
    private const int IPv6HeaderBytes = 40;

    private InnerPacket(int length, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination)
    {
        Length = length;
        Source = source;
        Destination = destination;
    }

    /// <summary>What the header says: padding is beyond it.</summary>
    public int Length { get; }

    public ReadOnlySpan<byte> Source { get; }

    public ReadOnlySpan<byte> Destination { get; }

    /// <returns>False when this is no whole IPv4 or IPv6 packet.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out InnerPacket packet)
    {
        packet = default;
        if (bytes.Length < IPv4HeaderBytesMin) { return false; }
        switch (bytes[0] >> 4)
        {
            case 4:
                int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
                packet = new InnerPacket(length, bytes.Slice(12, 4), bytes.Slice(16, 4));
                return length >= IPv4HeaderBytesMin && length <= bytes.Length;
            case 6:
                if (bytes.Length < IPv6HeaderBytes) { return false; }
                int whole = IPv6HeaderBytes + BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
                packet = new InnerPacket(whole, bytes.Slice(8, 16), bytes.Slice(24, 16));
                return whole <= bytes.Length;
            default:
                return false;
        }
    }
}
