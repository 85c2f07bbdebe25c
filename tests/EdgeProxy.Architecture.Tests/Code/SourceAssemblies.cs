using dnlib.DotNet;

namespace EdgeProxy.Architecture.Tests;

/// <summary>The compiled projects of src, as the build put them beside these tests.</summary>
internal static class SourceAssemblies
{
    private const string Executable = "EdgeProxy";

    /// <summary>By the name of the project.</summary>
    public static IReadOnlyDictionary<string, ModuleDefMD> All { get; } = ProjectFile.Sources.ToDictionary(
        static project => project.Name, static project => Load(FileName(project.Name)), StringComparer.Ordinal);

    /// <summary>This assembly, for the specimens in it.</summary>
    public static ModuleDefMD Own { get; } = Load(Path.GetFileName(typeof(SourceAssemblies).Assembly.Location));

    /// <summary>The project an assembly is made from, or null for one that is not ours.</summary>
    public static string? ProjectOf(string assembly) => ProjectFile.Sources
        .FirstOrDefault(project => FileName(project.Name) == assembly + ".dll")?.Name;

    /// <summary>Types written by people, nested ones left to their outer one.</summary>
    public static IEnumerable<TypeDef> Types(ModuleDef module) =>
        module.Types.Where(static type => type.Name != "<Module>" && !type.Name.StartsWith("<", StringComparison.Ordinal));

    private static string FileName(string project) => (project == Executable ? "edgeproxy" : project) + ".dll";

    private static ModuleDefMD Load(string file) => ModuleDefMD.Load(Path.Combine(AppContext.BaseDirectory, file));
}
