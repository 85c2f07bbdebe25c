using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Writes the PROXY protocol header a backend is sent ahead of the client's bytes (haproxy.org, proxy-protocol.txt).
/// Both addresses are always known here: a client that came with LOCAL or UNKNOWN is its own TCP peer.
/// </summary>
internal static class ProxyHeaderWriter
{
    /// <summary>Room <see cref="Write"/> may need, in bytes.</summary>
    public const int BytesMax = 256;

    /// <summary>A longer region name is left out of the header.</summary>
    public const int PopRegionBytesMax = 128;

    private const int FixedBytes = 16;
    private const int TlvHeaderBytes = 3;
    private const int ChecksumBytes = 4;

    private static ReadOnlySpan<byte> V2Start =>
        [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21];

    /// <param name="into">At least <see cref="BytesMax"/> bytes.</param>
    /// <param name="version">The version; <see cref="ProxyProtocolOut.Off"/> writes nothing.</param>
    /// <param name="client">The client as routing saw it.</param>
    /// <param name="local">Where the client had connected to.</param>
    /// <param name="tlvs">Optional fields, version 2 only.</param>
    /// <param name="uniqueId">Value of the unique id field.</param>
    /// <param name="country">Value of the country field; left out when unknown.</param>
    /// <param name="popRegion">Value of the region field, UTF-8; left out when empty.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(
        Span<byte> into,
        ProxyProtocolOut version,
        in IpEndpoint client,
        in IpEndpoint local,
        ProxyTlvs tlvs,
        ulong uniqueId,
        Country country,
        ReadOnlySpan<byte> popRegion)
    {
        Invariant.Holds(into.Length >= BytesMax);
        switch (version)
        {
            case ProxyProtocolOut.Off:
                return 0;
            case ProxyProtocolOut.V1:
                return WriteV1(into, client, local);
            case ProxyProtocolOut.V2:
                int length = WriteAddresses(into, client, local);
                if (tlvs != ProxyTlvs.None) { length = WriteTlvs(into, length, tlvs, uniqueId, country, popRegion); }
                return length;
            default:
                Invariant.Holds(false);
                return 0;
        }
    }

    private static int WriteV1(Span<byte> into, in IpEndpoint client, in IpEndpoint local)
    {
        // One family for both; where they differ an IPv4 address goes as its mapped form.
        bool ipv6 = !(client.Address.IsIPv4 && local.Address.IsIPv4);
        ReadOnlySpan<byte> start = ipv6 ? "PROXY TCP6 "u8 : "PROXY TCP4 "u8;
        start.CopyTo(into);
        int length = start.Length;
        length += ProxyHeaderText.WriteAddress(into[length..], client.Address, ipv6);
        into[length++] = (byte)' ';
        length += ProxyHeaderText.WriteAddress(into[length..], local.Address, ipv6);
        length += WritePort(into[length..], client.Port);
        length += WritePort(into[length..], local.Port);
        "\r\n"u8.CopyTo(into[length..]);
        return length + 2;
    }

    private static int WritePort(Span<byte> into, ushort port)
    {
        into[0] = (byte)' ';
        bool written = port.TryFormat(into[1..], out int digits, provider: CultureInfo.InvariantCulture);
        Invariant.Holds(written);
        return 1 + digits;
    }

    private static int WriteAddresses(Span<byte> into, in IpEndpoint client, in IpEndpoint local)
    {
        V2Start.CopyTo(into);
        bool ipv6 = !(client.Address.IsIPv4 && local.Address.IsIPv4);
        into[13] = (byte)(((int)(ipv6 ? ProxyV2Family.Inet6 : ProxyV2Family.Inet) << 4) | (int)ProxyV2Transport.Stream);
        int length = FixedBytes;
        length += WriteAddress(into[length..], client.Address, ipv6);
        length += WriteAddress(into[length..], local.Address, ipv6);
        BinaryPrimitives.WriteUInt16BigEndian(into[length..], client.Port);
        BinaryPrimitives.WriteUInt16BigEndian(into[(length + 2)..], local.Port);
        length += 4;
        WriteLength(into, length);
        return length;
    }

    private static int WriteAddress(Span<byte> into, in IpAddress address, bool ipv6)
    {
        if (!ipv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(into, address.V4);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(into, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(into[8..], address.Low);
        return 16;
    }

    private static int WriteTlvs(
        Span<byte> into, int length, ProxyTlvs tlvs, ulong uniqueId, Country country, ReadOnlySpan<byte> popRegion)
    {
        if (Has(tlvs, ProxyTlvs.UniqueId))
        {
            BinaryPrimitives.WriteUInt64BigEndian(StartTlv(into, ref length, ProxyV2Tlv.UniqueId, sizeof(ulong)), uniqueId);
        }

        if (Has(tlvs, ProxyTlvs.Country) && country != Country.None)
        {
            ReadOnlySpan<char> code = country.Code;
            Encoding.ASCII.GetBytes(code, StartTlv(into, ref length, ProxyV2Tlv.Country, code.Length));
        }

        if (Has(tlvs, ProxyTlvs.PopRegion) && popRegion.Length is > 0 and <= PopRegionBytesMax)
        {
            popRegion.CopyTo(StartTlv(into, ref length, ProxyV2Tlv.PopRegion, popRegion.Length));
        }

        if (!Has(tlvs, ProxyTlvs.Checksum))
        {
            WriteLength(into, length);
            return length;
        }

        Span<byte> checksum = StartTlv(into, ref length, ProxyV2Tlv.Checksum, ChecksumBytes);
        WriteLength(into, length); // Before the sum: it covers the length.
        BinaryPrimitives.WriteUInt32BigEndian(checksum, ProxyHeaderChecksum.Of(into[..length], length - ChecksumBytes));
        return length;
    }

    private static bool Has(ProxyTlvs tlvs, ProxyTlvs one) => (tlvs & one) == one;

    private static Span<byte> StartTlv(Span<byte> into, ref int length, ProxyV2Tlv type, int valueBytes)
    {
        into[length] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(into[(length + 1)..], (ushort)valueBytes);
        Span<byte> value = into.Slice(length + TlvHeaderBytes, valueBytes);
        length += TlvHeaderBytes + valueBytes;
        return value;
    }

    private static void WriteLength(Span<byte> into, int length) =>
        BinaryPrimitives.WriteUInt16BigEndian(into[14..], (ushort)(length - FixedBytes));
}
