using System.Buffers.Text;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Writes addresses as UTF-8 without allocating (a connection log of every connection must give the collector nothing
/// to do): dotted decimal, or the canonical form of RFC 5952.
/// </summary>
internal static class AddressText
{
    /// <summary>Longest text: "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535".</summary>
    public const int BytesMax = 47;

    private const int Groups = 8;

    /// <summary>Writes "1.2.3.4:80" or "[2001:db8::1]:80" to the start of <paramref name="target"/>.</summary>
    /// <param name="target">At least <see cref="BytesMax"/> long.</param>
    /// <param name="endpoint">What to write.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> target, in IpEndpoint endpoint)
    {
        int length = 0;
        bool bracketed = !endpoint.Address.IsIPv4;
        if (bracketed) { target[length++] = (byte)'['; }
        length += Write(target[length..], endpoint.Address);
        if (bracketed) { target[length++] = (byte)']'; }
        target[length++] = (byte)':';
        return length + Number(target[length..], endpoint.Port);
    }

    /// <inheritdoc cref="Write(Span{byte}, in IpEndpoint)"/>
    public static int Write(Span<byte> target, in IpAddress address) =>
        address.IsIPv4 ? WriteV4(target, address.V4) : WriteV6(target, address);

    private static int WriteV4(Span<byte> target, uint address)
    {
        int length = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            if (length > 0) { target[length++] = (byte)'.'; }
            length += Number(target[length..], (address >> shift) & 255);
        }

        return length;
    }

    private static int WriteV6(Span<byte> target, in IpAddress address)
    {
        (int zerosStart, int zerosCount) = LongestZeros(address);
        int length = 0;
        for (int group = 0; group < Groups; group++)
        {
            if (zerosCount > 1 && group == zerosStart)
            {
                target[length++] = (byte)':';
                group += zerosCount - 1;
                if (group == Groups - 1) { target[length++] = (byte)':'; }
                continue;
            }

            if (group > 0) { target[length++] = (byte)':'; }
            _ = Utf8Formatter.TryFormat(Group(address, group), target[length..], out int written, new('x'));
            length += written;
        }

        return length;
    }

    /// <summary>The first longest run of zero groups: what "::" stands for (RFC 5952 §4.2).</summary>
    private static (int Start, int Count) LongestZeros(in IpAddress address)
    {
        int bestStart = 0, bestCount = 0, count = 0;
        for (int group = 0; group < Groups; group++)
        {
            count = Group(address, group) == 0 ? count + 1 : 0;
            if (count > bestCount)
            {
                bestCount = count;
                bestStart = group - count + 1;
            }
        }

        return (bestStart, bestCount);
    }

    private static ushort Group(in IpAddress address, int index) => index < 4
        ? (ushort)(address.High >> (48 - (16 * index)))
        : (ushort)(address.Low >> (112 - (16 * index)));

    private static int Number(Span<byte> target, uint value)
    {
        _ = Utf8Formatter.TryFormat(value, target, out int written);
        return written;
    }
}
