using dnlib.DotNet;

namespace EdgeProxy.Architecture.Tests;

public sealed class PublicSurfaceTests
{
    // Members their own project and its tests use, public all the same. A ratchet: the list shrinks and never grows.
    private static readonly string[] s_licensed = Repository
        .Read("tests/EdgeProxy.Architecture.Tests/Code/PublicMembersUnused.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Made for a part that is not there yet. The first project that uses it ends the exception.</summary>
    private const string AheadOfItsUser = "EdgeProxy.WireGuard";

    public static TheoryData<string> Projects =>
        [.. ProjectFile.Sources.Select(static project => project.Name).Where(static name => name != "EdgeProxy")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_WhenOthersAreAsked_ShowsNothingTheyDoNotUse(string name)
    {
        IEnumerable<ModuleDef> others = SourceAssemblies.All.Where(other => other.Key != name).Select(static other => other.Value);
        bool isUsed = others.Any(other => other.GetAssemblyRefs().Any(used => used.Name == name));
        if (name == AheadOfItsUser && !isUsed) { return; }
        Fence.Holds(PublicSurface.Unused(SourceAssemblies.All[name], others).Except(s_licensed, StringComparer.Ordinal));
    }

    [Fact]
    public void Executable_WhenRead_ShowsNothing() =>
        Fence.Holds(SourceAssemblies.All["EdgeProxy"].Types.Where(static type => type.IsPublic).Select(static type => type.FullName));

    [Fact]
    public void Fence_WhenAPublicTypeIsUsedByNobody_NamesIt() =>
        Assert.Contains(typeof(PublicOffender).FullName, PublicSurface.Unused(SourceAssemblies.Own, SourceAssemblies.All.Values));

    [Fact]
    public void Fence_WhenAPublicMemberIsUsedByNobody_NamesIt()
    {
        ModuleDefMD user = ModuleDefMD.Load(typeof(PublicSurfaceTests).Assembly.Location);

        // A second copy of this assembly plays the other project; it uses Unused in PublicUser and Idle nowhere.
        foreach (TypeDef type in user.Types.Where(static t => t.Name != nameof(PublicUser) && t.Name != "<Module>").ToArray())
        {
            user.Types.Remove(type);
        }

        string[] unused = [.. PublicSurface.Unused(SourceAssemblies.Own, [user])];
        Assert.Contains($"{typeof(PublicOffender).FullName}::{nameof(PublicOffender.Idle)}", unused);
        Assert.DoesNotContain($"{typeof(PublicOffender).FullName}::get_{nameof(PublicOffender.Unused)}", unused);
        Assert.DoesNotContain(typeof(PublicOffender).FullName, unused);
    }
}
