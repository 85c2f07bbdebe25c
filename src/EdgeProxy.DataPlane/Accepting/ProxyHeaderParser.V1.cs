using EdgeProxy.Routing;

namespace EdgeProxy.DataPlane;

/// <summary>Version 1: one line of text, "PROXY TCP4 source destination sourcePort destinationPort" and CRLF.</summary>
internal static partial class ProxyHeaderParser
{
    private static ProxyHeaderParse ParseV1(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> window = bytes[..Math.Min(bytes.Length, V1BytesMax)];
        int end = window.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0 || (end == window.Length - 1 && window[end] == (byte)'\r'))
        {
            return window.Length < V1BytesMax
                ? ProxyHeaderParse.NeedMore
                : ProxyHeaderParse.Malformed(ProxyHeaderProblem.LineTooLong);
        }

        // Also where the fields are to be ignored (UNKNOWN): a receiver that takes a lone LF for the end of the line
        // would see another first byte of the client than one that does not.
        if (window[end] != (byte)'\r' || window[end + 1] != (byte)'\n')
        {
            return ProxyHeaderParse.Malformed(ProxyHeaderProblem.LineEnding);
        }

        return ParseLine(window[V1Signature.Length..end], headerBytes: end + 2);
    }

    /// <param name="line">The line between "PROXY" and CRLF.</param>
    /// <param name="headerBytes">Length of the whole header.</param>
    private static ProxyHeaderParse ParseLine(ReadOnlySpan<byte> line, int headerBytes)
    {
        if (line.StartsWith(" TCP4 "u8)) { return ParseFields(line[" TCP4 "u8.Length..], false, headerBytes); }
        if (line.StartsWith(" TCP6 "u8)) { return ParseFields(line[" TCP6 "u8.Length..], true, headerBytes); }
        return line.SequenceEqual(" UNKNOWN"u8) || line.StartsWith(" UNKNOWN "u8)
            ? ProxyHeaderParse.WithoutAddresses(headerBytes)
            : ProxyHeaderParse.Malformed(ProxyHeaderProblem.LineFamily);
    }

    private static ProxyHeaderParse ParseFields(ReadOnlySpan<byte> fields, bool ipv6, int headerBytes)
    {
        ReadOnlySpan<byte> source = TakeField(ref fields);
        ReadOnlySpan<byte> destination = TakeField(ref fields);
        ReadOnlySpan<byte> sourcePort = TakeField(ref fields);
        if (source.IsEmpty || destination.IsEmpty || sourcePort.IsEmpty || fields.IsEmpty || fields.Contains((byte)' '))
        {
            return ProxyHeaderParse.Malformed(ProxyHeaderProblem.LineFields);
        }

        if (!ProxyHeaderText.TryReadAddress(source, ipv6, out IpAddress from)
            || !ProxyHeaderText.TryReadAddress(destination, ipv6, out IpAddress to))
        {
            return ProxyHeaderParse.Malformed(ProxyHeaderProblem.LineAddress);
        }

        return ProxyHeaderText.TryReadPort(sourcePort, out ushort fromPort)
            && ProxyHeaderText.TryReadPort(fields, out ushort toPort)
            ? ProxyHeaderParse.WithAddresses(headerBytes, new IpEndpoint(from, fromPort), new IpEndpoint(to, toPort))
            : ProxyHeaderParse.Malformed(ProxyHeaderProblem.LinePort);
    }

    /// <summary>Cuts the field before the next space; empty when there is no space or nothing before it.</summary>
    private static ReadOnlySpan<byte> TakeField(ref ReadOnlySpan<byte> fields)
    {
        int space = fields.IndexOf((byte)' ');
        if (space < 0) { return default; }
        ReadOnlySpan<byte> field = fields[..space];
        fields = fields[(space + 1)..];
        return field;
    }
}
