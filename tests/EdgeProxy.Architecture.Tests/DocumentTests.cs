using System.Text.RegularExpressions;

namespace EdgeProxy.Architecture.Tests;

public sealed partial class DocumentTests
{
    private const string Decisions = "docs/decisions/";

    [Fact]
    public void Links_WhenFollowed_LeadSomewhere()
    {
        IEnumerable<string> broken = Repository.Files.Where(static file => file.EndsWith(".md", StringComparison.Ordinal))
            .SelectMany(static file => Markdown.BrokenLinks(file, Repository.Read(file), ReadIfThere));
        Fence.Holds(broken);
    }

    [Fact]
    public void Decisions_WhenReferredToAnywhere_Exist()
    {
        IEnumerable<string> missing =
            from file in Repository.Files
            where Path.GetExtension(file) is ".cs" or ".md" or ".targets" or ".props" or ".csproj" or ".sh" or ""
            from name in References(Repository.Read(file))
            where !Repository.Files.Contains(Decisions + name, StringComparer.Ordinal)
            select $"{file}: {Decisions}{name}";
        Fence.Holds(missing);
    }

    [Fact]
    public void Decisions_WhenNumbered_AreEachOneOfItsNumber()
    {
        string[] names = [.. Repository.Under(Decisions, ".md").Select(static file => Path.GetFileName(file))];
        Assert.NotEmpty(names);
        Assert.All(names, static name => Assert.Matches("^([0-9]{4}-[a-z0-9-]+|README)\\.md$", name));
        Assert.Equal(names.Length, names.Select(static name => name[..4]).Distinct(StringComparer.Ordinal).Count());
        Assert.All(names.Where(static name => name != "README.md"), static name =>
            Assert.StartsWith($"# {name[..4]}: ", Repository.Read(Decisions + name), StringComparison.Ordinal));
    }

    [Fact]
    public void Index_WhenComparedToTheTree_LinksEveryPage()
    {
        string index = Repository.Read("docs/README.md");
        IEnumerable<string> unlinked = Repository.Under("docs/", ".md")
            .Select(static file => file["docs/".Length..])
            .Where(file => file != "README.md" && !Markdown.RelativeLinks(index).Contains(file, StringComparer.Ordinal));
        Fence.Holds(unlinked);
    }

    [Fact]
    public void PortugueseReadme_WhenComparedToTheEnglish_HasItsShape()
    {
        string english = Repository.Read("README.md");
        string portuguese = Repository.Read("README.pt-BR.md");
        Assert.Equal(Markdown.Headings(english).Select(static h => h.Level), Markdown.Headings(portuguese).Select(static h => h.Level));
        Assert.Equal(Markdown.CodeBlocks(english), Markdown.CodeBlocks(portuguese));
        Assert.Equal(Bullets(english), Bullets(portuguese));
        Assert.Equal(DocumentsLinked(english), DocumentsLinked(portuguese));
    }

    [Fact]
    public void Fence_WhenALinkLeadsNowhere_NamesIt()
    {
        const string Page = "# A\n\n[x](b.md#here) [y](b.md#there) [z](c.md) [w](#a) [v](https://example.org/x) `[u](d.md)`\n";
        static string? Read(string path) => path switch { "docs/b.md" => "## Here\n", "docs/a.md" => Page, _ => null };
        Assert.Equal(
            ["docs/a.md: b.md#there: docs/b.md has no such heading", "docs/a.md: c.md: there is no docs/c.md"],
            Markdown.BrokenLinks("docs/a.md", Page, Read));
    }

    [Fact]
    public void Fence_WhenADecisionIsReferredTo_FindsItsName() => Assert.Equal(
        ["0000-no-such.md", "0001-other.md"],
        References("// docs/decisions/" + "0000-no-such.md says why.\n[x](../decisions/" + "0001-other.md)"));

    private static string? ReadIfThere(string path)
    {
        string full = Path.Combine(Repository.Root, path);
        return Directory.Exists(full) ? "" : File.Exists(full) ? File.ReadAllText(full) : null;
    }

    private static IEnumerable<string> References(string text) =>
        Reference().Matches(text).Select(static match => match.Groups["name"].Value);

    private static int Bullets(string page) => page.Split('\n').Count(static line => line.StartsWith("- ", StringComparison.Ordinal));

    private static IEnumerable<string> DocumentsLinked(string page) => Markdown.RelativeLinks(page)
        .Where(static link => !link.StartsWith("README", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"decisions/(?<name>[0-9]{4}[a-z0-9-]*(\.md)?)", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
