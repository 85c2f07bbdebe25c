using dnlib.DotNet;

namespace EdgeProxy.Architecture.Tests;

public sealed class ReferenceDirectionTests
{
    // Each with a record in docs/decisions.
    private static readonly Dictionary<string, string[]> s_packages = new(StringComparer.Ordinal)
    {
    };

    private static Drawing Drawn { get; } = Drawing.Parse(Repository.Read("ARCHITECTURE.md"));

    public static TheoryData<string> Projects => [.. ProjectFile.Sources.Select(static project => project.Name)];

    [Fact]
    public void Drawing_WhenComparedToTheTree_ShowsEveryProjectAndNoOther() =>
        Assert.Equal(
            ProjectFile.Sources.Select(static p => p.Name).Order(StringComparer.Ordinal),
            Drawn.Projects.Order(StringComparer.Ordinal));

    [Fact]
    public void Drawing_WhenFollowed_KeepsTheLeavesAndThePlanesApart()
    {
        Assert.Empty(Drawn.ReachableFrom("EdgeProxy.Routing"));
        Assert.Empty(Drawn.ReachableFrom("EdgeProxy.Linux"));
        Assert.Empty(Drawn.ReachableFrom("EdgeProxy.Crypto"));
        Assert.Equal(["EdgeProxy.Crypto"], Drawn.ReachableFrom("EdgeProxy.WireGuard"));
        Assert.DoesNotContain("EdgeProxy.ControlPlane", Drawn.ReachableFrom("EdgeProxy.DataPlane"));
        Assert.DoesNotContain("EdgeProxy.Storage", Drawn.ReachableFrom("EdgeProxy.DataPlane"));
        Assert.DoesNotContain("EdgeProxy.DataPlane", Drawn.ReachableFrom("EdgeProxy.ControlPlane"));
        Assert.DoesNotContain("EdgeProxy.Linux", Drawn.ReachableFrom("EdgeProxy.Storage"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void ProjectFile_WhenComparedToTheDrawing_ReferencesNothingElse(string name) =>
        Fence.Holds(Undrawn(ProjectFile.Sources.First(project => project.Name == name)));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_WhenComparedToTheDrawing_ReferencesNothingElse(string name)
    {
        IEnumerable<string> referenced = SourceAssemblies.All[name].GetAssemblyRefs().Select(static r => r.Name.String);
        Fence.Holds(UndrawnAssemblies(name, referenced));
    }

    [Fact]
    public void Fence_WhenAProjectReferencesAgainstTheArrows_Reports()
    {
        const string Xml = """
            <Project>
              <ItemGroup>
                <ProjectReference Include="../EdgeProxy.ControlPlane/EdgeProxy.ControlPlane.csproj" />
                <PackageReference Include="Dapper" />
              </ItemGroup>
            </Project>
            """;
        Assert.Equal(
            ["EdgeProxy.DataPlane -> EdgeProxy.ControlPlane", "EdgeProxy.DataPlane -> package Dapper"],
            Undrawn(ProjectFile.Parse("src/EdgeProxy.DataPlane.csproj", Xml)));
        Assert.Equal(
            ["EdgeProxy.Storage -> EdgeProxy.Linux", "EdgeProxy.Storage -> Dapper"],
            UndrawnAssemblies("EdgeProxy.Storage", ["System.Runtime", "EdgeProxy.Routing", "EdgeProxy.Linux", "Dapper"]));
    }

    [Fact]
    public void Fence_WhenADrawingIsRead_FollowsItsArrows()
    {
        Drawing drawing = Drawing.Parse("""
            # Page

                EdgeProxy (exe)
                  ├─► EdgeProxy.One ─┬─► EdgeProxy.Two ─► EdgeProxy.Three
                  │                  └─► EdgeProxy.Four
                  └─► EdgeProxy.Five
            """);
        Assert.Equal(["EdgeProxy.Four", "EdgeProxy.Three", "EdgeProxy.Two"], drawing.ReachableFrom("EdgeProxy.One").Order(StringComparer.Ordinal));
        Assert.Equal(5, drawing.ReachableFrom("EdgeProxy").Count);
        Assert.Empty(drawing.ReachableFrom("EdgeProxy.Five"));
    }

    private static IEnumerable<string> Undrawn(ProjectFile project) =>
    [
        .. project.Projects.Where(target => !Drawn.ReachableFrom(project.Name).Contains(target))
            .Select(target => $"{project.Name} -> {target}"),
        .. project.Packages.Where(package => !s_packages.GetValueOrDefault(project.Name, []).Contains(package, StringComparer.Ordinal))
            .Select(package => $"{project.Name} -> package {package}"),
    ];

    private static IEnumerable<string> UndrawnAssemblies(string project, IEnumerable<string> referenced) => referenced
        .Where(static name => name is not ("System" or "mscorlib" or "netstandard")
            && !name.StartsWith("System.", StringComparison.Ordinal) && name != "Microsoft.Win32.Primitives")
        .Where(name => SourceAssemblies.ProjectOf(name) is { } target
            ? !Drawn.ReachableFrom(project).Contains(target)
            : !s_packages.GetValueOrDefault(project, []).Contains(name, StringComparer.Ordinal))
        .Select(name => $"{project} -> {name}");
}
