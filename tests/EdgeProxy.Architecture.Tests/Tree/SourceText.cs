using System.Text.RegularExpressions;

namespace EdgeProxy.Architecture.Tests;

/// <summary>What is wrong with a source file as text.</summary>
internal static partial class SourceText
{
    public const int LinesMax = 400;
    public const int ColumnsMax = 120;

    /// <summary>Lines that are too long, as their numbers.</summary>
    public static IEnumerable<int> LongLines(string text) =>
        text.Split('\n').Index().Where(static line => line.Item.Length > ColumnsMax).Select(static line => line.Index + 1);

    public static int LineCount(string text) => text.AsSpan().Count('\n');

    /// <summary>Lines that leave work for later without a number to find it by.</summary>
    public static IEnumerable<int> UnnumberedTodos(string text) => text.Split('\n').Index()
        .Where(static line => Todo().IsMatch(line.Item) && !NumberedTodo().IsMatch(line.Item))
        .Select(static line => line.Index + 1);

    /// <summary>Lines that silence a warning without saying why on the spot.</summary>
    public static IEnumerable<int> UnexplainedSilences(string text) => text.Split('\n').Index()
        .Where(static line => Silence().IsMatch(line.Item) && !Explained().IsMatch(line.Item))
        .Select(static line => line.Index + 1);

    /// <summary>Whether a file declares the type it is named after; a partial is Type.Topic.cs.</summary>
    public static bool DeclaresItsName(string path, string text)
    {
        string name = Path.GetFileName(path).Split('.')[0];
        return Declaration().Matches(text).Any(match => match.Groups["name"].Value == name);
    }

    /// <summary>Whether a file declares any type outside another: a list of attributes or top-level statements does not.</summary>
    public static bool DeclaresAType(string text) => Declaration().IsMatch(text);

    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HA[C]K)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Todo();

    [GeneratedRegex(@"\bTO[D]O(\(#\d+\)| #\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex NumberedTodo();

    [GeneratedRegex("#pragma warning [d]isable|[S]uppressMessage\\(")]
    private static partial Regex Silence();

    [GeneratedRegex("//|Justification")]
    private static partial Regex Explained();

    [GeneratedRegex(
        @"^(public |internal |file |static |sealed |abstract |partial |unsafe |readonly |ref )*"
        + @"(record struct|record class|class|struct|enum|interface|record|delegate \S+) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Declaration();
}
