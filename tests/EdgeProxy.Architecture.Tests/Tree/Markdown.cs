using System.Text;
using System.Text.RegularExpressions;

namespace EdgeProxy.Architecture.Tests;

/// <summary>What a page links to, and what can be linked to on it.</summary>
internal static partial class Markdown
{
    /// <summary>Targets of relative links, fragments included.</summary>
    public static IEnumerable<string> RelativeLinks(string page) => Link().Matches(WithoutCode(page))
        .Select(static match => match.Groups["target"].Value)
        .Where(static target => !target.Contains("://", StringComparison.Ordinal)
            && !target.StartsWith("mailto:", StringComparison.Ordinal));

    /// <summary>Level and text of each heading.</summary>
    public static IReadOnlyList<(int Level, string Text)> Headings(string page) =>
        [.. Heading().Matches(WithoutCode(page)).Select(static m => (m.Groups["level"].Length, m.Groups["text"].Value.Trim()))];

    /// <summary>The lines of each block of code, fenced or indented, in order.</summary>
    public static IReadOnlyList<int> CodeBlocks(string page)
    {
        List<int> blocks = [];
        bool fenced = false, indented = false;
        foreach (string line in page.Split('\n'))
        {
            bool fence = line.StartsWith("```", StringComparison.Ordinal);
            bool code = fenced ? !fence : !fence && line.StartsWith("    ", StringComparison.Ordinal);
            if ((fence && !fenced) || (code && !fenced && !indented)) { blocks.Add(0); }
            if (code) { blocks[^1]++; }
            indented = code && !fenced;
            fenced ^= fence;
        }

        return blocks;
    }

    /// <summary>What is wrong with the links of a page.</summary>
    /// <param name="path">Where the page is.</param>
    /// <param name="page">Its text.</param>
    /// <param name="read">Gives the text of a file of the tree, or null where there is none.</param>
    public static IEnumerable<string> BrokenLinks(string path, string page, Func<string, string?> read)
    {
        foreach (string link in RelativeLinks(page))
        {
            string[] parts = link.Split('#', 2);
            string target = parts[0].Length == 0 ? path : Resolve(path, parts[0]);
            string? text = read(target);
            if (text is null) { yield return $"{path}: {link}: there is no {target}"; }
            else if (parts.Length > 1 && !Headings(text).Any(heading => Slug(heading.Text) == parts[1]))
            {
                yield return $"{path}: {link}: {target} has no such heading";
            }
        }
    }

    private static string Resolve(string path, string link) =>
        Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(path)!, link)));

    private static string Slug(string heading)
    {
        StringBuilder slug = new();
        foreach (char c in heading.ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c) || c is '-' or '_') { slug.Append(c); }
            else if (c == ' ') { slug.Append('-'); }
        }

        return slug.ToString();
    }

    private static string WithoutCode(string page) => Code().Replace(page, "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^(?<level>#{1,6}) (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^```.*?^```|^    .*?$|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();
}
