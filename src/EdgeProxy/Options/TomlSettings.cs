using System.Globalization;

namespace EdgeProxy;

/// <summary>
/// Reads the settings of a TOML file (toml.io, v1.0): top-level keys with one-line strings, numbers, booleans or arrays
/// of strings. That is all a setting can be; what else TOML has is refused by name, never misread. A library for all of
/// TOML is a twentieth of the binary: docs/decisions/0011-the-binary-size-budget.md.
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
        TomlScanner scanner = new(text);
        try
        {
            while (scanner.SkipToContent()) { ReadEntry(scanner, path, entries, problems); }
        }
        catch (TomlFault fault)
        {
            problems.Add(new SettingProblem(
                Place(path, scanner.Line, scanner.Column), $"not valid TOML: {fault.Message}", FlatCure));
        }

        return entries;
    }

    private static void ReadEntry(TomlScanner scanner, string path, List<TomlEntry> entries, List<SettingProblem> problems)
    {
        (int line, int column) = (scanner.Line, scanner.Column);
        if (scanner.TryTake('['))
        {
            _ = scanner.TryTake('[');
            string place = Place(path, scanner.Line, scanner.Column);
            string header = scanner.TakeKey(out _);
            problems.Add(new SettingProblem(place, $"'{header}' is a table, and settings have none", FlatCure));
            scanner.SkipAll(); // A file does not come back to its top level.
            return;
        }

        string key = scanner.TakeKey(out bool isDotted);
        scanner.Expect('=', "after a key");
        bool isTable = isDotted || scanner.Next == '{';
        bool isText = scanner.TryTakeValue(out string value);
        scanner.ExpectLineEnd();
        if (isText && !isTable)
        {
            entries.Add(new TomlEntry(key, value, line, column));
        }
        else
        {
            problems.Add(new SettingProblem(Place(path, line, column), isTable
                ? $"'{key}' is a table, and settings have none"
                : $"'{key}' holds something other than one line of text, a number, true, false or a list of texts", FlatCure));
        }
    }

    internal static string Place(string path, int line, int column) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}:{line}:{column}");
}
