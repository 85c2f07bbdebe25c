using System.Buffers.Binary;
using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>
/// Version 2: signature (12 bytes), version and command (1), family and transport (1), length of the rest (2),
/// addresses, ports, then optional fields of type (1), length (2) and value. Network byte order.
/// </summary>
internal static partial class ProxyHeaderParser
{
    private const int V2FixedBytes = 16;
    private const int TlvHeaderBytes = 3;
    private const int ChecksumBytes = 4;
    private const int UniqueIdBytesMax = 128;

    private static ProxyHeaderParse ParseV2(ReadOnlySpan<byte> bytes)
    {
        // Each byte is judged as soon as it is there, so a bad sender is not waited for.
        int version = bytes[12] >> 4;
        var command = (ProxyV2Command)(bytes[12] & 0xF);
        if (version != 2) { return ProxyHeaderParse.Malformed(ProxyHeaderProblem.Version); }
        if (command > ProxyV2Command.Proxy) { return ProxyHeaderParse.Malformed(ProxyHeaderProblem.Command); }
        if (bytes.Length < V2FixedBytes) { return ProxyHeaderParse.NeedMore; }

        int headerBytes = V2FixedBytes + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (headerBytes > V2BytesMax) { return ProxyHeaderParse.Malformed(ProxyHeaderProblem.TooLong); }
        if (bytes.Length < headerBytes) { return ProxyHeaderParse.NeedMore; }

        // LOCAL discards the block, its family included; so nothing says where optional fields would begin.
        return command == ProxyV2Command.Local
            ? ProxyHeaderParse.WithoutAddresses(headerBytes)
            : ParseProxied(bytes[..headerBytes]);
    }

    private static ProxyHeaderParse ParseProxied(ReadOnlySpan<byte> header)
    {
        var family = (ProxyV2Family)(header[13] >> 4);
        var transport = (ProxyV2Transport)(header[13] & 0xF);
        if (family > ProxyV2Family.Unix) { return ProxyHeaderParse.Malformed(ProxyHeaderProblem.Family); }
        if (transport > ProxyV2Transport.Datagram) { return ProxyHeaderParse.Malformed(ProxyHeaderProblem.Transport); }

        // An unspecified family has addresses of no known length: everything behind is skipped unread.
        if (family == ProxyV2Family.Unspecified) { return ProxyHeaderParse.WithoutAddresses(header.Length); }

        int addressBytes = family switch
        {
            ProxyV2Family.Inet => 12,
            ProxyV2Family.Inet6 => 36,
            _ => 216,
        };
        int tlvStart = V2FixedBytes + addressBytes;
        if (header.Length < tlvStart) { return ProxyHeaderParse.Malformed(ProxyHeaderProblem.AddressesCutShort); }
        ProxyHeaderProblem problem = CheckTlvs(header, tlvStart);
        if (problem != ProxyHeaderProblem.None) { return ProxyHeaderParse.Malformed(problem); }

        // DGRAM is taken as STREAM is: the client of a proxy that ends QUIC came by UDP, and its address is as good.
        return family == ProxyV2Family.Unix || transport == ProxyV2Transport.Unspecified
            ? ProxyHeaderParse.WithoutAddresses(header.Length)
            : ReadAddresses(header, family == ProxyV2Family.Inet ? 4 : 16);
    }

    private static ProxyHeaderParse ReadAddresses(ReadOnlySpan<byte> header, int addressBytes)
    {
        ReadOnlySpan<byte> block = header[V2FixedBytes..];
        ReadOnlySpan<byte> ports = block[(2 * addressBytes)..];
        IpEndpoint source = new(
            IpAddress.FromBytes(block[..addressBytes]), BinaryPrimitives.ReadUInt16BigEndian(ports));
        IpEndpoint destination = new(
            IpAddress.FromBytes(block.Slice(addressBytes, addressBytes)), BinaryPrimitives.ReadUInt16BigEndian(ports[2..]));
        return ProxyHeaderParse.WithAddresses(header.Length, source, destination);
    }

    /// <summary>Walks the optional fields: they must fill the header exactly, and a checksum must fit it.</summary>
    private static ProxyHeaderProblem CheckTlvs(ReadOnlySpan<byte> header, int start)
    {
        bool checksumSeen = false;
        int at = start;
        while (at < header.Length)
        {
            if (header.Length - at < TlvHeaderBytes) { return ProxyHeaderProblem.Tlv; }
            var type = (ProxyV2Tlv)header[at];
            int valueBytes = BinaryPrimitives.ReadUInt16BigEndian(header[(at + 1)..]);
            int value = at + TlvHeaderBytes;
            if (header.Length - value < valueBytes) { return ProxyHeaderProblem.Tlv; }
            switch (type)
            {
                case ProxyV2Tlv.Checksum:
                    if (valueBytes != ChecksumBytes) { return ProxyHeaderProblem.Tlv; }
                    if (checksumSeen || !ChecksumFits(header, value)) { return ProxyHeaderProblem.Checksum; }
                    checksumSeen = true;
                    break;
                case ProxyV2Tlv.UniqueId:
                    if (valueBytes > UniqueIdBytesMax) { return ProxyHeaderProblem.Tlv; }
                    break;
                default: // Every other type is skipped, as the specification wants it.
                    break;
            }

            at = value + valueBytes;
        }

        return ProxyHeaderProblem.None;
    }

    private static bool ChecksumFits(ReadOnlySpan<byte> header, int value) =>
        BinaryPrimitives.ReadUInt32BigEndian(header[value..]) == ProxyHeaderChecksum.Of(header, value);
}
