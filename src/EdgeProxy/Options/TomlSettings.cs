using System.Globalization;
using Tomlyn;
using Tomlyn.Parsing;

namespace EdgeProxy;

/// <summary>
/// Reads the settings of a TOML file (toml.io, v1.0): top-level keys with strings, numbers, booleans or arrays of
/// strings. It pulls events instead of building a tree: the cheapest form of the library in code size.
/// </summary>
internal static class TomlSettings
{
    private const string FlatCure = "Every setting is one top-level key, such as listen_addr = \"0.0.0.0:8080\".";

    /// <param name="text">The whole file.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="problems">Takes what is wrong, each with line and column.</param>
    public static IReadOnlyList<TomlEntry> Read(string text, string path, List<SettingProblem> problems)
    {
        List<TomlEntry> entries = [];
        try
        {
            TomlParser parser = TomlParser.Create(text, new TomlSerializerOptions { SourceName = path });
            while (parser.MoveNext())
            {
                if (parser.Current.Kind == TomlParseEventKind.PropertyName) { ReadEntry(parser, path, entries, problems); }
            }
        }
        catch (TomlException problem)
        {
            problems.Add(new SettingProblem(
                Place(path, problem.Line ?? 1, problem.Column ?? 1), $"not valid TOML: {Plain(problem)}", FlatCure));
        }

        return entries;
    }

    private static void ReadEntry(TomlParser parser, string path, List<TomlEntry> entries, List<SettingProblem> problems)
    {
        (int line, int column) = (parser.Current.Line, parser.Current.Column);
        string key = parser.GetPropertyName();
        if (!parser.MoveNext()) { return; }
        if (parser.Current.Kind == TomlParseEventKind.StartTable)
        {
            problems.Add(new SettingProblem(Place(path, line, column), $"'{key}' is a table, and settings have none", FlatCure));
            SkipTable(parser);
            return;
        }

        if (ValueText(parser) is string value)
        {
            entries.Add(new TomlEntry(key, value, line, column));
        }
        else
        {
            problems.Add(new SettingProblem(
                Place(path, line, column), $"'{key}' holds something other than text, a number, true, false or a list of texts", FlatCure));
        }
    }

    private static void SkipTable(TomlParser parser)
    {
        for (int depth = 1; depth > 0 && parser.MoveNext();)
        {
            if (parser.Current.Kind is TomlParseEventKind.StartTable or TomlParseEventKind.StartArray) { depth++; }
            if (parser.Current.Kind is TomlParseEventKind.EndTable or TomlParseEventKind.EndArray) { depth--; }
        }
    }

    /// <summary>The value under the parser as an option takes it, or null for a kind no option has.</summary>
    private static string? ValueText(TomlParser parser) => parser.Current.Kind switch
    {
        TomlParseEventKind.String => parser.GetString(),
        TomlParseEventKind.Integer => parser.Current.GetInt64().ToString(CultureInfo.InvariantCulture),
        TomlParseEventKind.Float => parser.Current.GetDouble().ToString("0.###", CultureInfo.InvariantCulture),
        TomlParseEventKind.Boolean => parser.Current.GetBoolean() ? "true" : "false",
        TomlParseEventKind.StartArray => ListText(parser),
        _ => null,
    };

    private static string? ListText(TomlParser parser)
    {
        List<string> items = [];
        bool plain = true;
        for (int depth = 1; parser.MoveNext();)
        {
            TomlParseEventKind kind = parser.Current.Kind;
            if (kind == TomlParseEventKind.EndArray && --depth == 0) { break; }
            if (kind == TomlParseEventKind.StartArray) { depth++; }
            plain &= kind == TomlParseEventKind.String;
            if (kind == TomlParseEventKind.String) { items.Add(parser.GetString() ?? ""); }
        }

        return plain ? string.Join(',', items) : null;
    }

    internal static string Place(string path, int line, int column) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}:{line}:{column}");

    /// <summary>The first line of the library's message without its own "(line,column) : error : ".</summary>
    private static string Plain(TomlException problem)
    {
        string message = problem.Message;
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        if (end >= 0) { message = message[..end]; }
        const string Mark = "error : ";
        int mark = message.IndexOf(Mark, StringComparison.Ordinal);
        return (mark < 0 ? message : message[(mark + Mark.Length)..]).TrimEnd('.');
    }
}
