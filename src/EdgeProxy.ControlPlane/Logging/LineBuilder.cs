using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// One log line in the making, in a buffer of fixed size and without allocating. A value too long for its share is cut
/// and ends in "…"; a field that does not fit at all is left out, so a line is always whole and always one line,
/// whatever a file or a peer put into it.
/// </summary>
internal ref struct LineBuilder(Span<byte> buffer, LogFormat format)
{
    /// <summary>A buffer of this size holds every line this program writes.</summary>
    public const int LineBytesMax = 2_048;

    private const int ValueBytesMax = 512;
    private const int ClosingBytes = 2; // "}\n"

    /// <summary>What an unquoted logfmt value may consist of.</summary>
    private static readonly SearchValues<byte> s_plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/+@[]%,;()#*~^!?$&|"u8);

    private readonly Span<byte> _buffer = buffer[..^ClosingBytes];
    private readonly Span<byte> _whole = buffer;
    private int _length;

    /// <summary>Adds a text that may hold anything.</summary>
    public void Add(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<char> value)
    {
        Span<byte> bytes = stackalloc byte[ValueBytesMax];
        _ = Utf8.FromUtf16(value, bytes, out int read, out int written);
        AddText(key, bytes[..written], cut: read < value.Length);
    }

    /// <summary>Adds a text of UTF-8 bytes that may hold anything.</summary>
    public void Add(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value) =>
        AddText(key, value[..Math.Min(value.Length, ValueBytesMax)], cut: value.Length > ValueBytesMax);

    public void Add(scoped ReadOnlySpan<byte> key, long value)
    {
        int start = _length;
        if (!TryKey(key) || !Utf8Formatter.TryFormat(value, _buffer[_length..], out int written))
        {
            _length = start;
            return;
        }

        _length += written;
    }

    public void Add(scoped ReadOnlySpan<byte> key, in IpEndpoint value)
    {
        Span<byte> text = stackalloc byte[AddressText.BytesMax];
        AddText(key, text[..AddressText.Write(text, value)], cut: false);
    }

    /// <summary>Adds a time as RFC 3339 in UTC with milliseconds.</summary>
    public void AddTime(scoped ReadOnlySpan<byte> key, DateTime utc)
    {
        Span<byte> text = stackalloc byte[24];
        "0000-00-00T00:00:00.000Z"u8.CopyTo(text);
        SetDigits(text[..4], utc.Year);
        SetDigits(text[5..7], utc.Month);
        SetDigits(text[8..10], utc.Day);
        SetDigits(text[11..13], utc.Hour);
        SetDigits(text[14..16], utc.Minute);
        SetDigits(text[17..19], utc.Second);
        SetDigits(text[20..23], utc.Millisecond);
        AddText(key, text, cut: false);
    }

    /// <summary>Closes the line.</summary>
    /// <returns>Its bytes, with the line feed.</returns>
    public ReadOnlySpan<byte> End()
    {
        if (format == LogFormat.Json)
        {
            if (_length == 0) { _whole[_length++] = (byte)'{'; }
            _whole[_length++] = (byte)'}';
        }

        _whole[_length++] = (byte)'\n';
        return _whole[.._length];
    }

    private static void SetDigits(Span<byte> digits, int value)
    {
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    private void AddText(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value, bool cut)
    {
        int start = _length;
        if (!TryKey(key) || !TryValue(value, cut)) { _length = start; }
    }

    private bool TryKey(scoped ReadOnlySpan<byte> key)
    {
        bool json = format == LogFormat.Json;
        bool first = _length == 0;
        if (_buffer.Length - _length < key.Length + 4) { return false; }
        if (json)
        {
            _buffer[_length++] = first ? (byte)'{' : (byte)',';
            _buffer[_length++] = (byte)'"';
        }
        else if (!first)
        {
            _buffer[_length++] = (byte)' ';
        }

        key.CopyTo(_buffer[_length..]);
        _length += key.Length;
        if (json) { _buffer[_length++] = (byte)'"'; }
        _buffer[_length++] = json ? (byte)':' : (byte)'=';
        return true;
    }

    private bool TryValue(scoped ReadOnlySpan<byte> value, bool cut)
    {
        bool plain = !cut && value.Length > 0 && !value.ContainsAnyExcept(s_plain);
        if (format == LogFormat.Logfmt && plain) { return TryAppend(value); }
        return TryAppend("\""u8) && TryEscaped(value) && TryAppend(cut ? "…\""u8 : "\""u8);
    }

    /// <summary>
    /// JSON's escapes (RFC 8259 §7), which logfmt readers understand as well; bytes that are not UTF-8 become U+FFFD.
    /// </summary>
    private bool TryEscaped(scoped ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(value, out Rune rune, out int used);
            bool fits = status != OperationStatus.Done
                ? TryAppend("\uFFFD"u8)
                : rune.Value switch
                {
                    '"' => TryAppend("\\\""u8),
                    '\\' => TryAppend("\\\\"u8),
                    '\n' => TryAppend("\\n"u8),
                    '\r' => TryAppend("\\r"u8),
                    '\t' => TryAppend("\\t"u8),
                    < 0x20 or (>= 0x7F and < 0xA0) or 0x2028 or 0x2029 => TryAppendUnicodeEscape(rune.Value),
                    _ => TryAppend(value[..used]),
                };
            if (!fits) { return false; }
            value = value[used..];
        }

        return true;
    }

    private bool TryAppendUnicodeEscape(int value)
    {
        Span<byte> escape = [(byte)'\\', (byte)'u', 0, 0, 0, 0];
        _ = Utf8Formatter.TryFormat(value, escape[2..], out _, new StandardFormat('x', 4));
        return TryAppend(escape);
    }

    private bool TryAppend(scoped ReadOnlySpan<byte> bytes)
    {
        if (!bytes.TryCopyTo(_buffer[_length..])) { return false; }
        _length += bytes.Length;
        return true;
    }
}
