using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace EdgeProxy.Fuzz;

/// <summary>
/// A second parser of PROXY headers, from the specification and docs/decisions/0070-proxy-header-strictness.md alone:
/// strings, regular expressions and the framework's own addresses instead of spans and arithmetic.
/// </summary>
internal sealed partial record NaiveProxyHeader(NaiveKind Kind, int HeaderBytes = 0, string? Source = null, string? Destination = null)
{
    private static readonly byte[] s_v2 = Convert.FromHexString("0D0A0D0A000D0A515549540A");
    private static readonly NaiveProxyHeader s_undecided = new(NaiveKind.Undecided);
    private static readonly NaiveProxyHeader s_refused = new(NaiveKind.Refused);

    public static NaiveProxyHeader Parse(byte[] bytes)
    {
        string text = Encoding.Latin1.GetString(bytes);
        if (text.StartsWith("PROXY", StringComparison.Ordinal)) { return ParseLine(text); }
        if (bytes.Length >= s_v2.Length && s_v2.SequenceEqual(bytes.Take(s_v2.Length))) { return ParseBlock(bytes); }
        bool mayBecomeOne = "PROXY".StartsWith(text, StringComparison.Ordinal)
            || s_v2.Take(bytes.Length).SequenceEqual(bytes);
        return mayBecomeOne ? s_undecided : s_refused;
    }

    private static NaiveProxyHeader ParseLine(string text)
    {
        int end = text.IndexOf("\r\n", StringComparison.Ordinal);
        if (end < 0 || end + 2 > 107) { return text.Length < 107 && end < 0 && !LoneEnd().IsMatch(text) ? s_undecided : s_refused; }
        string line = text[..end];
        if (line.Contains('\n', StringComparison.Ordinal) || line.Contains('\r', StringComparison.Ordinal)) { return s_refused; }
        if (line == "PROXY UNKNOWN" || line.StartsWith("PROXY UNKNOWN ", StringComparison.Ordinal)) { return new(NaiveKind.Accepted, end + 2); }
        Match match = Line().Match(line);
        if (!match.Success) { return s_refused; }
        bool isV6 = match.Groups["family"].Value == "6";
        string? source = Endpoint(match.Groups["source"].Value, match.Groups["sourcePort"].Value, isV6);
        string? target = Endpoint(match.Groups["target"].Value, match.Groups["targetPort"].Value, isV6);
        return source is null || target is null ? s_refused : new(NaiveKind.Accepted, end + 2, source, target);
    }

    private static string? Endpoint(string address, string port, bool isV6)
    {
        if (!(isV6 ? V6() : V4()).IsMatch(address) || !IPAddress.TryParse(address, out IPAddress? parsed)) { return null; }
        return int.Parse(port, CultureInfo.InvariantCulture) <= ushort.MaxValue ? Text(parsed, int.Parse(port, CultureInfo.InvariantCulture)) : null;
    }

    private static NaiveProxyHeader ParseBlock(byte[] bytes)
    {
        if (bytes.Length < 13) { return s_undecided; }
        if (bytes[12] is not (0x20 or 0x21)) { return s_refused; }
        if (bytes.Length < 16) { return s_undecided; }
        int length = (bytes[14] * 256) + bytes[15];
        if (16 + length > 4096) { return s_refused; }
        if (bytes.Length < 16 + length) { return s_undecided; }
        NaiveProxyHeader without = new(NaiveKind.Accepted, 16 + length);
        if (bytes[12] == 0x20) { return without; }
        (int family, int transport) = (bytes[13] / 16, bytes[13] % 16);
        if (family > 3 || transport > 2) { return s_refused; }
        if (family == 0) { return without; }
        byte[] block = bytes[16..(16 + length)];
        int address = family switch { 1 => 4, 2 => 16, _ => 106 };
        int addresses = family == 3 ? 216 : (2 * address) + 4;
        if (block.Length < addresses || !AreTlvsGood(bytes[..(16 + length)], 16 + addresses)) { return s_refused; }
        if (family == 3 || transport == 0) { return without; }
        int ports = 2 * address;
        return without with
        {
            Source = Text(new IPAddress(block[..address]), (block[ports] * 256) + block[ports + 1]),
            Destination = Text(new IPAddress(block[address..ports]), (block[ports + 2] * 256) + block[ports + 3]),
        };
    }

    private static bool AreTlvsGood(byte[] header, int at)
    {
        int checksums = 0;
        while (at < header.Length)
        {
            if (at + 3 > header.Length) { return false; }
            int length = (header[at + 1] * 256) + header[at + 2];
            if (at + 3 + length > header.Length) { return false; }
            if (header[at] == 5 && length > 128) { return false; }
            if (header[at] == 3 && (length != 4 || ++checksums > 1 || !IsChecksumRight(header, at + 3))) { return false; }
            at += 3 + length;
        }

        return true;
    }

    /// <summary>CRC32C bit by bit, its own four bytes as zeros.</summary>
    private static bool IsChecksumRight(byte[] header, int at)
    {
        uint crc = uint.MaxValue;
        for (int i = 0; i < header.Length; i++)
        {
            crc ^= i >= at && i < at + 4 ? (byte)0 : header[i];
            for (int bit = 0; bit < 8; bit++) { crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1; }
        }

        return ~crc == (((uint)header[at] << 24) | ((uint)header[at + 1] << 16) | ((uint)header[at + 2] << 8) | header[at + 3]);
    }

    private static string Text(IPAddress address, int port)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return new IPEndPoint(plain, port).ToString();
    }

    [GeneratedRegex(
        @"^PROXY TCP(?<family>[46]) (?<source>[^ ]+) (?<target>[^ ]+) (?<sourcePort>0|[1-9][0-9]{0,4}) (?<targetPort>0|[1-9][0-9]{0,4})\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Line();

    [GeneratedRegex(@"^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\.|\z)){4}(?<!\.)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex V4();

    // Only what an address may be made of; whether it is one the framework says. Its zones and brackets are not part of it.
    [GeneratedRegex(@"^(?=.*:)[0-9A-Fa-f:]+(:((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\.|\z)){4}(?<!\.))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex V6();

    [GeneratedRegex("\r[^\n]|(?<!\r)\n", RegexOptions.ExplicitCapture)]
    private static partial Regex LoneEnd();
}
