namespace EdgeProxy.Routing;

/// <summary>
/// The text of a 32-byte key: base64 (RFC 4648 §4) of 44 characters, or hexadecimal of 64. No branch and no index
/// depends on a key's bytes, so the same code serves secret keys.
/// </summary>
internal static class KeyText
{
    public const int Bytes = 32;
    public const int Base64Length = 44;
    public const int HexLength = 64;

    /// <summary>
    /// Whether <paramref name="text"/> is the one spelling of 32 bytes; if not, the target's content is of no use.
    /// </summary>
    public static bool TryReadBase64(ReadOnlySpan<char> text, Span<byte> target)
    {
        if (text.Length != Base64Length || text[^1] != '=') { return false; }
        int bad = 0;
        int at = 0;
        for (int i = 0; i < Base64Length; i += 4)
        {
            bool last = i == Base64Length - 4;
            int bits = Sextet(text[i], ref bad) << 18;
            bits |= Sextet(text[i + 1], ref bad) << 12;
            bits |= Sextet(text[i + 2], ref bad) << 6;
            if (!last) { bits |= Sextet(text[i + 3], ref bad); }
            target[at++] = (byte)(bits >> 16);
            target[at++] = (byte)(bits >> 8);
            if (last) { bad |= bits & 0xFF; } // Bits beyond the 32nd byte: another spelling of the same key.
            else { target[at++] = (byte)bits; }
        }

        return bad == 0;
    }

    public static void WriteBase64(ReadOnlySpan<byte> key, Span<char> target)
    {
        int at = 0;
        for (int i = 0; i < Bytes; i += 3)
        {
            bool last = i + 2 >= Bytes;
            int bits = (key[i] << 16) | (key[i + 1] << 8) | (last ? 0 : key[i + 2]);
            target[at++] = Letter(bits >> 18);
            target[at++] = Letter((bits >> 12) & 63);
            target[at++] = Letter((bits >> 6) & 63);
            target[at++] = last ? '=' : Letter(bits & 63);
        }
    }

    public static bool TryReadHex(ReadOnlySpan<byte> text, Span<byte> target)
    {
        if (text.Length != HexLength) { return false; }
        int bad = 0;
        for (int i = 0; i < Bytes; i++)
        {
            target[i] = (byte)((Nibble(text[2 * i], ref bad) << 4) | Nibble(text[(2 * i) + 1], ref bad));
        }

        return bad == 0;
    }

    public static void WriteHex(ReadOnlySpan<byte> key, Span<byte> target)
    {
        for (int i = 0; i < Bytes; i++)
        {
            target[2 * i] = HexDigit(key[i] >> 4);
            target[(2 * i) + 1] = HexDigit(key[i] & 15);
        }
    }

    /// <summary>
    /// All ones when <paramref name="low"/> &lt;= value &lt;= <paramref name="high"/>, else 0; values of 16 bits.
    /// </summary>
    private static int Mask(int value, int low, int high) => ~((value - low) | (high - value)) >> 31;

    private static int Sextet(char letter, ref int bad)
    {
        int upper = Mask(letter, 'A', 'Z');
        int lower = Mask(letter, 'a', 'z');
        int digit = Mask(letter, '0', '9');
        int plus = Mask(letter, '+', '+');
        int slash = Mask(letter, '/', '/');
        bad |= ~(upper | lower | digit | plus | slash);
        return (upper & (letter - 'A')) | (lower & (letter - 'a' + 26)) | (digit & (letter - '0' + 52))
            | (plus & 62) | (slash & 63);
    }

    private static char Letter(int sextet) => (char)(
        (Mask(sextet, 0, 25) & (sextet + 'A')) | (Mask(sextet, 26, 51) & (sextet - 26 + 'a'))
        | (Mask(sextet, 52, 61) & (sextet - 52 + '0')) | (Mask(sextet, 62, 62) & '+') | (Mask(sextet, 63, 63) & '/'));

    private static int Nibble(byte digit, ref int bad)
    {
        int number = Mask(digit, '0', '9');
        int lower = Mask(digit, 'a', 'f');
        int upper = Mask(digit, 'A', 'F');
        bad |= ~(number | lower | upper);
        return (number & (digit - '0')) | (lower & (digit - 'a' + 10)) | (upper & (digit - 'A' + 10));
    }

    private static byte HexDigit(int nibble) =>
        (byte)((Mask(nibble, 0, 9) & (nibble + '0')) | (Mask(nibble, 10, 15) & (nibble - 10 + 'a')));
}
