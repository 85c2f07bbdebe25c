namespace EdgeProxy.DataPlane;

/// <summary>
/// Reads a PROXY protocol header, version 1 or 2 (haproxy.org, proxy-protocol.txt), from the first bytes of a
/// connection. Pure and restartable: after NeedMore it is called again with the same bytes and more behind them.
/// Anything the specification does not allow is refused rather than guessed at, because the address it carries decides
/// geo, limits and lists; two parsers that read one header differently are how addresses get spoofed.
/// </summary>
internal static partial class ProxyHeaderParser
{
    /// <summary>Longest version 1 line the specification allows, with its CRLF.</summary>
    public const int V1BytesMax = 107;

    /// <summary>Longest version 2 header accepted: addresses and optional fields fit many times over.</summary>
    public const int V2BytesMax = 4096;

    /// <summary>With this many bytes the outcome is never NeedMore.</summary>
    public const int BytesMax = V2BytesMax;

    private static ReadOnlySpan<byte> V1Signature => "PROXY"u8;

    private static ReadOnlySpan<byte> V2Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    public static ProxyHeaderParse Parse(ReadOnlySpan<byte> bytes)
    {
        if (StartsLike(bytes, V1Signature))
        {
            return bytes.Length <= V1Signature.Length ? ProxyHeaderParse.NeedMore : ParseV1(bytes);
        }

        if (StartsLike(bytes, V2Signature))
        {
            return bytes.Length <= V2Signature.Length ? ProxyHeaderParse.NeedMore : ParseV2(bytes);
        }

        return ProxyHeaderParse.NotAHeader;
    }

    private static bool StartsLike(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature)
    {
        int count = Math.Min(bytes.Length, signature.Length);
        return bytes[..count].SequenceEqual(signature[..count]);
    }
}
