using System.Text.RegularExpressions;

namespace EdgeProxy.Architecture.Tests;

/// <summary>The picture at the top of ARCHITECTURE.md as what it says: which project may reference which.</summary>
internal sealed partial class Drawing
{
    private readonly Dictionary<string, HashSet<string>> _arrows = new(StringComparer.Ordinal);

    /// <summary>Reads the first indented block of a page.</summary>
    public static Drawing Parse(string page)
    {
        string[] lines = [.. page.Split('\n')
            .SkipWhile(static line => !IsDrawn(line))
            .TakeWhile(IsDrawn)];
        Drawing drawing = new();
        for (int row = 0; row < lines.Length; row++) { drawing.ReadLine(lines, row); }
        return drawing;
    }

    public IEnumerable<string> Projects => _arrows.Keys;

    /// <summary>Everything that can be reached from a project along the arrows.</summary>
    public IReadOnlySet<string> ReachableFrom(string project)
    {
        HashSet<string> reached = new(StringComparer.Ordinal);
        Stack<string> open = new([project]);
        while (open.TryPop(out string? next))
        {
            foreach (string target in _arrows.GetValueOrDefault(next, []))
            {
                if (reached.Add(target)) { open.Push(target); }
            }
        }

        return reached;
    }

    private static bool IsDrawn(string line) => line.StartsWith("    ", StringComparison.Ordinal);

    private void ReadLine(string[] lines, int row)
    {
        string? before = null;
        foreach (Match match in Project().Matches(lines[row]))
        {
            string name = match.Value;
            _arrows.TryAdd(name, []);
            before ??= Parent(lines, row, lines[row].IndexOfAny(['├', '└']));
            if (before is not null) { _arrows[before].Add(name); }
            before = name;
        }
    }

    /// <summary>Follows a branch upwards to the project it leaves.</summary>
    private static string? Parent(string[] lines, int row, int column)
    {
        if (column < 0) { return null; }
        for (row--; row >= 0; row--)
        {
            string line = lines[row];
            char above = column < line.Length ? line[column] : ' ';
            if (above is '├' or '│') { continue; }
            return above == '┬' ? Project().Matches(line[..column])[^1].Value : Project().Match(line).Value;
        }

        return null;
    }

    [GeneratedRegex(@"EdgeProxy(\.[A-Z]\w+)?", RegexOptions.ExplicitCapture)]
    private static partial Regex Project();
}
