using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace EdgeProxy.DataPlane;

/// <summary>
/// The ones' complement sum of 16-bit words that IPv4, TCP and UDP carry (RFC 1071). Called as
/// <c>Finish(Add(Add(0, pseudo header), rest))</c>: a running sum is a number of at most 32 bits, and only the last
/// piece added may have an odd length.
/// </summary>
/// <remarks>
/// Words are summed in memory order, 32 bits at a time into 64-bit lanes, where nothing carries out before 16 GB; the
/// order of
/// bytes matters to the result alone (RFC 1071 §2 B). 128 bits wide and not more: the native compiler's baseline has no
/// AVX2, and this is over 10 GB/s already (TunnelPacketBenchmarks).
/// </remarks>
internal static class InternetChecksum
{
    private const int StepBytes = 4 * 16;

    /// <summary>Adds bytes to a running sum.</summary>
    public static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        ulong total = 0;
        if (bytes.Length >= StepBytes)
        {
            Vector128<ulong> low = default, high = default, low2 = default, high2 = default;
            do
            {
                Step(bytes[..32], ref low, ref high);
                Step(bytes[32..64], ref low2, ref high2);
                bytes = bytes[StepBytes..];
            }
            while (bytes.Length >= StepBytes);
            total = Vector128.Sum(low + high + low2 + high2);
        }

        return sum + Fold(total + Rest(bytes));
    }

    /// <summary>
    /// Copies bytes to the start of <paramref name="target"/> and adds them to a running sum, in one pass.
    /// </summary>
    public static uint CopyAndAdd(uint sum, ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        target = target[..bytes.Length];
        ulong total = 0;
        if (bytes.Length >= StepBytes)
        {
            Vector128<ulong> low = default, high = default, low2 = default, high2 = default;
            do
            {
                CopyStep(bytes[..32], target[..32], ref low, ref high);
                CopyStep(bytes[32..64], target[32..64], ref low2, ref high2);
                bytes = bytes[StepBytes..];
                target = target[StepBytes..];
            }
            while (bytes.Length >= StepBytes);
            total = Vector128.Sum(low + high + low2 + high2);
        }

        bytes.CopyTo(target);
        return sum + Fold(total + Rest(bytes));
    }

    /// <summary>
    /// The sum of the pseudo header (RFC 9293 §3.1, RFC 8200 §8.1): addresses as they stand in the packet.
    /// </summary>
    /// <param name="addresses">Source and destination: 8 bytes or 32.</param>
    /// <param name="protocol">TCP's or UDP's number.</param>
    /// <param name="length">Of the transport's header and payload.</param>
    public static uint Pseudo(ReadOnlySpan<byte> addresses, byte protocol, int length) =>
        Add(0, addresses) + protocol + (uint)length;

    /// <summary>
    /// Folds a running sum to 16 bits, without its complement: what a header says when the rest is left to the device.
    /// </summary>
    public static ushort Partial(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)(sum + (sum >> 16));
    }

    /// <summary>The checksum a header carries for a running sum.</summary>
    public static ushort Finish(uint sum) => (ushort)~Partial(sum);

    /// <summary>The checksum after one 16-bit word it covers has changed (RFC 1624, equation 3).</summary>
    public static ushort Update(ushort checksum, ushort before, ushort after) =>
        Finish((uint)(ushort)~checksum + (ushort)~before + after);

    private static void Step(ReadOnlySpan<byte> bytes, ref Vector128<ulong> low, ref Vector128<ulong> high)
    {
        Vector128<ulong> words = Vector128.Create((ulong)uint.MaxValue);
        Vector128<ulong> first = Vector128.Create(bytes[..16]).AsUInt64();
        Vector128<ulong> second = Vector128.Create(bytes[16..]).AsUInt64();
        low += (first & words) + (second & words);
        high += Vector128.ShiftRightLogical(first, 32) + Vector128.ShiftRightLogical(second, 32);
    }

    private static void CopyStep(
        ReadOnlySpan<byte> bytes, Span<byte> target, ref Vector128<ulong> low, ref Vector128<ulong> high)
    {
        Vector128<ulong> words = Vector128.Create((ulong)uint.MaxValue);
        Vector128<ulong> first = Vector128.Create(bytes[..16]).AsUInt64();
        Vector128<ulong> second = Vector128.Create(bytes[16..]).AsUInt64();
        first.AsByte().CopyTo(target);
        second.AsByte().CopyTo(target[16..]);
        low += (first & words) + (second & words);
        high += Vector128.ShiftRightLogical(first, 32) + Vector128.ShiftRightLogical(second, 32);
    }

    /// <summary>Fewer bytes than a step; the last of an odd number is the first half of a word.</summary>
    private static ulong Rest(ReadOnlySpan<byte> bytes)
    {
        ulong total = 0;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            ulong words = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            total += (uint)words + (words >> 32);
        }

        if (bytes.Length >= sizeof(uint))
        {
            total += BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            bytes = bytes[sizeof(uint)..];
        }

        if (bytes.Length >= sizeof(ushort))
        {
            total += BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            bytes = bytes[sizeof(ushort)..];
        }

        return bytes.Length > 0 ? total + bytes[0] : total;
    }

    /// <summary>To 16 bits, in network order.</summary>
    private static uint Fold(ulong total)
    {
        total = (total & uint.MaxValue) + (total >> 32);
        total = (total & 0xFFFF) + ((total >> 16) & 0xFFFF) + (total >> 32);
        total = (total & 0xFFFF) + (total >> 16);
        total = (total & 0xFFFF) + (total >> 16);
        return BinaryPrimitives.ReverseEndianness((ushort)total);
    }
}
