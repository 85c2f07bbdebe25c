using System.Buffers;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Reads the head of an HTTP/1.x request (RFC 9112 §2–§5) strictly: CRLF line ends, one blank between the parts of the
/// request line, no folded fields, no blank before a colon, exactly one Host in HTTP/1.1. The body, if any, is nobody's
/// concern: every answer closes the connection. A pure function of the bytes, so it can be fuzzed and replayed.
/// </summary>
internal ref struct HttpHead
{
    /// <summary>Longest head, in bytes.</summary>
    public const int BytesMax = 8_192;

    /// <summary>Longest request target, in bytes.</summary>
    public const int TargetBytesMax = 1_024;

    private const int MethodBytesMax = 32;
    private const int FieldsMax = 64;

    private static readonly SearchValues<byte> s_token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Method as sent; case matters.</summary>
    public ReadOnlySpan<byte> Method { get; private set; }

    /// <summary>The path without its query.</summary>
    public ReadOnlySpan<byte> Path { get; private set; }

    /// <summary>Reads as much of a head as <paramref name="bytes"/> hold.</summary>
    public static HttpHeadOutcome Read(ReadOnlySpan<byte> bytes, out HttpHead head)
    {
        head = default;
        int lineEnd = bytes.IndexOf((byte)'\n');
        if (lineEnd < 0) { return ReadUnfinishedLine(bytes); }
        if (lineEnd == 0 || bytes[lineEnd - 1] != '\r') { return HttpHeadOutcome.Malformed; }
        HttpHeadOutcome outcome = head.ReadRequestLine(bytes[..(lineEnd - 1)], out bool hostNeeded);
        return outcome == HttpHeadOutcome.Complete ? ReadFields(bytes, lineEnd + 1, hostNeeded) : outcome;
    }

    /// <summary>A line that never ends must be refused before the buffer is full, and garbage at once.</summary>
    private static HttpHeadOutcome ReadUnfinishedLine(ReadOnlySpan<byte> line)
    {
        int blank = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> method = blank < 0 ? line : line[..blank];
        if (method.Length > MethodBytesMax || method.ContainsAnyExcept(s_token)) { return HttpHeadOutcome.Malformed; }
        return blank >= 0 && line.Length - blank > TargetBytesMax + "  HTTP/1.1\r"u8.Length
            ? HttpHeadOutcome.TargetTooLong
            : HttpHeadOutcome.Incomplete;
    }

    private HttpHeadOutcome ReadRequestLine(ReadOnlySpan<byte> line, out bool hostNeeded)
    {
        hostNeeded = false;
        int first = line.IndexOf((byte)' ');
        int last = line.LastIndexOf((byte)' ');
        if (first < 1 || last <= first + 1) { return HttpHeadOutcome.Malformed; }
        Method = line[..first];
        ReadOnlySpan<byte> target = line[(first + 1)..last];
        ReadOnlySpan<byte> version = line[(last + 1)..];
        if (Method.Length > MethodBytesMax || Method.ContainsAnyExcept(s_token)) { return HttpHeadOutcome.Malformed; }
        if (target.Length > TargetBytesMax) { return HttpHeadOutcome.TargetTooLong; }
        if (target.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E)) { return HttpHeadOutcome.Malformed; }
        if (version.Length != 8 || !version.StartsWith("HTTP/"u8) || version[6] != '.'
            || !char.IsAsciiDigit((char)version[5]) || !char.IsAsciiDigit((char)version[7]))
        {
            return HttpHeadOutcome.Malformed;
        }

        if (version[5] != '1') { return HttpHeadOutcome.VersionUnknown; }
        hostNeeded = version[7] != '0';
        return TryPath(target) ? HttpHeadOutcome.Complete : HttpHeadOutcome.Malformed;
    }

    /// <summary>Takes the origin form, and the absolute form that RFC 9112 §3.2.2 obliges a server to accept.</summary>
    private bool TryPath(ReadOnlySpan<byte> target)
    {
        ReadOnlySpan<byte> scheme = "http://"u8;
        if (target.StartsWith(scheme))
        {
            ReadOnlySpan<byte> rest = target[scheme.Length..];
            int slash = rest.IndexOf((byte)'/');
            if (slash < 1) { return false; }
            target = rest[slash..];
        }

        if (target[0] != '/') { return target is [(byte)'*'] && TakePath(target); }
        int query = target.IndexOf((byte)'?');
        return TakePath(query < 0 ? target : target[..query]);
    }

    private bool TakePath(ReadOnlySpan<byte> path)
    {
        Path = path;
        return true;
    }

    private static HttpHeadOutcome ReadFields(ReadOnlySpan<byte> bytes, int start, bool hostNeeded)
    {
        int hosts = 0;
        for (int fields = 0; ; fields++)
        {
            ReadOnlySpan<byte> rest = bytes[start..];
            int lineEnd = rest.IndexOf((byte)'\n');
            if (lineEnd < 0)
            {
                return bytes.Length >= BytesMax ? HttpHeadOutcome.TooLarge : HttpHeadOutcome.Incomplete;
            }

            if (start + lineEnd >= BytesMax || fields > FieldsMax) { return HttpHeadOutcome.TooLarge; }
            if (lineEnd == 0 || rest[lineEnd - 1] != '\r') { return HttpHeadOutcome.Malformed; }
            ReadOnlySpan<byte> line = rest[..(lineEnd - 1)];
            if (line.IsEmpty)
            {
                return hosts > 1 || (hostNeeded && hosts == 0) ? HttpHeadOutcome.Malformed : HttpHeadOutcome.Complete;
            }

            if (!IsField(line, out bool isHost)) { return HttpHeadOutcome.Malformed; }
            if (isHost) { hosts++; }
            start += lineEnd + 1;
        }
    }

    private static bool IsField(ReadOnlySpan<byte> line, out bool isHost)
    {
        int colon = line.IndexOf((byte)':');
        isHost = colon == 4 && System.Text.Ascii.EqualsIgnoreCase(line[..4], "host"u8);
        return colon > 0
            && !line[..colon].ContainsAnyExcept(s_token)
            && !line[colon..].ContainsAny((byte)0, (byte)'\r'); // RFC 9110 §5.5: CR, LF and NUL are not for values.
    }
}
