using System.Xml.Linq;

namespace EdgeProxy.Architecture.Tests;

/// <summary>What a project file says it needs.</summary>
internal sealed record ProjectFile(string Name, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages, bool IsUnsafe)
{
    public static IReadOnlyList<ProjectFile> Sources { get; } =
        [.. Repository.Under("src/", ".csproj").Select(static path => Parse(path, Repository.Read(path)))];

    public static ProjectFile Parse(string path, string xml)
    {
        XDocument document = XDocument.Parse(xml);
        return new ProjectFile(
            Path.GetFileNameWithoutExtension(path),
            [.. Includes(document, "ProjectReference").Select(static file => Path.GetFileNameWithoutExtension(file))],
            [.. Includes(document, "PackageReference")],
            document.Descendants("AllowUnsafeBlocks").Any(static e => e.Value == "true"));
    }

    private static IEnumerable<string> Includes(XDocument document, string item) =>
        document.Descendants(item).Select(static e => e.Attribute("Include")!.Value);
}
