using System.Globalization;
using System.Text;

namespace EdgeProxy.Testing;

/// <summary>
/// One step of a script. The words:
/// <c>send 10</c>, <c>send 3m</c>: so many bytes of the peer's own pattern (k is 1,024, m is 1,048,576);
/// <c>text PROXY UNKNOWN\r\n</c>, <c>hex 0d0a</c>: these bytes as they are;
/// <c>expect 10</c>, <c>expect 3m by 1k every 1ms</c>: so many bytes of the other's pattern, slowly if wished;
/// <c>expect header</c>: a PROXY header; <c>expect text …</c>, <c>expect hex …</c>, <c>expect fin</c>, <c>expect rst</c>, <c>expect end</c> (whatever comes, until a FIN or RST, slowly if wished);
/// <c>fin</c>, <c>rst</c>, <c>close</c>, <c>pause 5s</c>;
/// <c>signal x</c>, <c>await x</c>: one peer waits for another.
/// </summary>
internal sealed record ScriptStep(StepKind Kind, string Source)
{
    public long Count { get; init; }

    public byte[] Bytes { get; init; } = [];

    public string Name { get; init; } = "";

    /// <summary>Expect: most bytes taken at once; 0 for no limit.</summary>
    public int AtOnce { get; init; }

    /// <summary>Pause: how long; expect: between two takes.</summary>
    public long DurationNs { get; init; }

    public static ScriptStep Parse(string source)
    {
        string text = source.Trim();
        string[] words = text.Split(' ', 2, StringSplitOptions.TrimEntries);
        string rest = words.Length > 1 ? words[1] : "";
        return words[0] switch
        {
            "send" => new(StepKind.Send, text) { Count = ParseCount(rest) },
            "text" => new(StepKind.SendText, text) { Bytes = Unescape(rest) },
            "hex" => new(StepKind.SendText, text) { Bytes = Convert.FromHexString(rest) },
            "expect" => ParseExpect(text, rest),
            "fin" => new(StepKind.Finish, text),
            "rst" => new(StepKind.Reset, text),
            "close" => new(StepKind.Close, text),
            "pause" => new(StepKind.Pause, text) { DurationNs = ParseDuration(rest) },
            "signal" => new(StepKind.Signal, text) { Name = rest },
            "await" => new(StepKind.Await, text) { Name = rest },
            _ => throw new FormatException($"'{text}' is no step of a script"),
        };
    }

    private static ScriptStep ParseExpect(string text, string rest)
    {
        if (rest.StartsWith("text ", StringComparison.Ordinal)) { return new(StepKind.ExpectText, text) { Bytes = Unescape(rest[5..]) }; }
        if (rest.StartsWith("hex ", StringComparison.Ordinal)) { return new(StepKind.ExpectText, text) { Bytes = Convert.FromHexString(rest[4..]) }; }
        string[] words = rest.Split(' ');
        return words switch
        {
            ["header"] => new(StepKind.ExpectHeader, text),
            ["fin"] => new(StepKind.ExpectFin, text),
            ["rst"] => new(StepKind.ExpectReset, text),
            ["end"] => new(StepKind.ExpectEnd, text),
            ["end", "by", var piece, "every", var pause] => new(StepKind.ExpectEnd, text)
            {
                AtOnce = (int)ParseCount(piece),
                DurationNs = ParseDuration(pause),
            },
            [var count] => new(StepKind.Expect, text) { Count = ParseCount(count) },
            [var count, "by", var piece, "every", var pause] => new(StepKind.Expect, text)
            {
                Count = ParseCount(count),
                AtOnce = (int)ParseCount(piece),
                DurationNs = ParseDuration(pause),
            },
            _ => throw new FormatException($"'{text}' is no step of a script"),
        };
    }

    private static long ParseCount(string text)
    {
        long unit = text[^1] switch { 'k' => 1024, 'm' => 1024 * 1024, _ => 1 };
        return unit * long.Parse(text.TrimEnd('k', 'm'), CultureInfo.InvariantCulture);
    }

    private static long ParseDuration(string text)
    {
        (string number, long unit) = text switch
        {
            [.. var head, 'u', 's'] => (head, 1_000L),
            [.. var head, 'm', 's'] => (head, 1_000_000L),
            [.. var head, 's'] => (head, 1_000_000_000L),
            [.. var head, 'm'] => (head, 60_000_000_000L),
            [.. var head, 'h'] => (head, 3_600_000_000_000L),
            _ => throw new FormatException($"'{text}' is no duration"),
        };
        return unit * long.Parse(number, CultureInfo.InvariantCulture);
    }

    private static byte[] Unescape(string text) =>
        Encoding.Latin1.GetBytes(text.Replace("\\r", "\r", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal));
}
