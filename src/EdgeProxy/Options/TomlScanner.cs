using System.Buffers;
using System.Globalization;

namespace EdgeProxy;

/// <summary>Takes keys and values off a TOML text and knows line and column of where it stands.</summary>
internal sealed class TomlScanner(string text)
{
    private const string BareKey = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    private static readonly SearchValues<char> s_bareKey = SearchValues.Create(BareKey);
    private static readonly SearchValues<char> s_number = SearchValues.Create("0123456789_.eE+-");
    private static readonly SearchValues<char> s_endOfWord = SearchValues.Create(" \t\r\n,]}#=");

    // A byte order mark belongs to the file's encoding, not to its text.
    private int _at = text.StartsWith('\uFEFF') ? 1 : 0;
    private int _lineStart = text.StartsWith('\uFEFF') ? 1 : 0;

    public int Line { get; private set; } = 1;

    public int Column => _at - _lineStart + 1;

    /// <summary>The next character, zero at the end.</summary>
    public char Next => _at < text.Length ? text[_at] : '\0';

    /// <summary>Moves past spaces, empty lines and comments; false at the end of the text.</summary>
    public bool SkipToContent()
    {
        while (true)
        {
            SkipSpaces();
            if (Next == '#') { SkipComment(); }
            if (!TryTakeLineEnd()) { return _at < text.Length; }
        }
    }

    public void SkipAll() => _at = text.Length;

    public bool TryTake(char wanted)
    {
        if (Next != wanted || _at >= text.Length) { return false; }
        _at++;
        return true;
    }

    public void Expect(char wanted, string where)
    {
        SkipSpaces();
        if (!TryTake(wanted)) { throw new TomlFault($"'{wanted}' is missing {where}"); }
        SkipSpaces();
    }

    /// <summary>After an entry only a comment may follow on its line.</summary>
    public void ExpectLineEnd()
    {
        SkipSpaces();
        if (Next == '#') { SkipComment(); }
        if (!TryTakeLineEnd() && _at < text.Length) { throw new TomlFault("the line goes on after the value"); }
    }

    /// <summary>Takes a key as it stands, its parts joined by dots.</summary>
    public string TakeKey(out bool isDotted)
    {
        string key = TakeKeyPart();
        isDotted = false;
        for (SkipSpaces(); TryTake('.'); SkipSpaces())
        {
            SkipSpaces();
            key = $"{key}.{TakeKeyPart()}";
            isDotted = true;
        }

        return key;
    }

    /// <returns>False for a value no setting has; it is skipped, as far as the end of its line or list.</returns>
    public bool TryTakeValue(out string value)
    {
        switch (Next)
        {
            case '"' or '\'':
                return TryTakeString(out value);
            case '[':
                return TryTakeList(out value);
            case '{':
                value = "";
                SkipComment(); // In TOML 1.0 an inline table ends on its line.
                return false;
            default:
                return TryTakeWord(out value);
        }
    }

    private string TakeKeyPart()
    {
        if (Next is '"' or '\'')
        {
            return TryTakeString(out string quoted) ? quoted : throw new TomlFault("a key is one line");
        }

        int length = text.AsSpan(_at).IndexOfAnyExcept(s_bareKey);
        if (length < 0) { length = text.Length - _at; }
        if (length == 0) { throw new TomlFault("a key is expected here"); }
        _at += length;
        return text.Substring(_at - length, length);
    }

    private bool TryTakeString(out string value)
    {
        char quote = Next;
        value = "";
        if (text.AsSpan(_at + 1).StartsWith([quote, quote]))
        {
            SkipLines(new string(quote, 3));
            return false;
        }

        _at++;
        System.Text.StringBuilder taken = new();
        while (!TryTake(quote))
        {
            if (Next is '\0' or '\r' or '\n') { throw new TomlFault($"the {quote} that ends the text is missing"); }
            if (Next < ' ' && Next != '\t') { throw new TomlFault("a control character must be escaped"); }
            if (quote == '"' && TryTake('\\')) { taken.Append(TakeEscape()); }
            else { taken.Append(text[_at++]); }
        }

        value = taken.ToString();
        return true;
    }

    private string TakeEscape()
    {
        const string Names = "btnfr\"\\";
        const string Meanings = "\b\t\n\f\r\"\\";
        int known = _at < text.Length ? Names.IndexOf(text[_at]) : -1;
        if (known >= 0)
        {
            _at++;
            return Meanings.Substring(known, 1);
        }

        int digits = Next == 'u' ? 4 : Next == 'U' ? 8 : 0;
        ReadOnlySpan<char> number = _at + digits < text.Length ? text.AsSpan(_at + 1, digits) : default;
        if (!uint.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint rune)
            || !System.Text.Rune.IsValid(rune))
        {
            throw new TomlFault("there is no such escape; a backslash itself is written \\\\");
        }

        _at += 1 + digits;
        return new System.Text.Rune(rune).ToString();
    }

    private bool TryTakeList(out string value)
    {
        List<string> items = [];
        bool isPlain = true;
        _at++;
        while (true)
        {
            if (!SkipToContent()) { throw new TomlFault("the ] that ends the list is missing"); }
            if (TryTake(']')) { break; }
            char first = Next;
            isPlain &= TryTakeValue(out string item) && first is '"' or '\'';
            items.Add(item);
            if (!SkipToContent()) { throw new TomlFault("the ] that ends the list is missing"); }
            if (!TryTake(',') && Next != ']') { throw new TomlFault("a list's values are separated by commas"); }
        }

        value = string.Join(',', items);
        return isPlain;
    }

    private bool TryTakeWord(out string value)
    {
        int length = text.AsSpan(_at).IndexOfAny(s_endOfWord);
        if (length < 0) { length = text.Length - _at; }
        string word = text.Substring(_at, length);
        if (length == 0) { throw new TomlFault("a value is expected here"); }
        value = word;
        if (word is not ("true" or "false") && !TryReadNumber(word, out value))
        {
            // Dates, times, other bases, infinities: TOML, but no setting.
            bool isOther = word[0] is >= '0' and <= '9' || word.TrimStart('+', '-') is "inf" or "nan";
            if (!isOther) { throw new TomlFault($"'{word}' is no value; a text stands in quotes"); }
            _at += length;
            return false;
        }

        _at += length;
        return true;
    }

    private static bool TryReadNumber(string word, out string value)
    {
        value = "";
        ReadOnlySpan<char> digits = word.AsSpan().TrimStart("+-");
        bool isNumber = digits.Length > 0 && word.Length - digits.Length <= 1 && char.IsAsciiDigit(digits[0])
            && char.IsAsciiDigit(digits[^1]) && !digits.ContainsAnyExcept(s_number)
            && !(digits.Length > 1 && digits[0] == '0' && digits[1] is not ('.' or 'e' or 'E'))
            && !digits.Contains("__", StringComparison.Ordinal);
        if (!isNumber || !double.TryParse(word.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            return false;
        }

        value = word.AsSpan().ContainsAny(".eE")
            ? number.ToString("0.###", CultureInfo.InvariantCulture)
            : word.Replace("_", "", StringComparison.Ordinal).TrimStart('+');
        return true;
    }

    private void SkipSpaces()
    {
        while (Next is ' ' or '\t') { _at++; }
    }

    private void SkipComment()
    {
        while (_at < text.Length && Next is not ('\r' or '\n')) { _at++; }
    }

    private bool TryTakeLineEnd()
    {
        if (text.AsSpan(_at).StartsWith("\r\n")) { _at++; }
        if (!TryTake('\n')) { return false; }
        Line++;
        _lineStart = _at;
        return true;
    }

    /// <summary>Moves past a text of several lines, which ends where its quotes come again.</summary>
    private void SkipLines(string quotes)
    {
        int end = text.IndexOf(quotes, _at + quotes.Length, StringComparison.Ordinal);
        if (end < 0) { throw new TomlFault($"the {quotes} that ends the text is missing"); }
        for (; _at < end; _at++)
        {
            if (text[_at] == '\n')
            {
                Line++;
                _lineStart = _at + 1;
            }
        }

        _at = end + quotes.Length;
    }
}
