using System.Text.RegularExpressions;
using dnlib.DotNet;

namespace EdgeProxy.Architecture.Tests;

public sealed partial class OptionsTests
{
    private const string Options = "EdgeProxy.Options";

    // The loader sets options; being set is not being used. It does read CONFIG itself: where the file is.
    private static readonly string[] s_setters = [Options, "EdgeProxy.OptionsLoader"];
    private static readonly string[] s_readByTheLoader = ["Config"];

    // Names in the tree that are no settings: how to build, how to replay a test, and wrong ones that tests try.
    private static readonly string[] s_others =
    [
        "EDGEPROXY_SEED", "EDGEPROXY_SEED_FACTOR", "EDGEPROXY_BINARY", "EDGEPROXY_DEBUG", "EDGEPROXY_WORKRS",
        "EDGEPROXY_COMPLETELY_ELSE", "EDGEPROXY_LOAD",
    ];

    [Fact]
    public void Options_WhenTheProgramIsRead_AreEachUsed() => Fence.Holds(Unread(SourceAssemblies.All["EdgeProxy"]));

    [Fact]
    public void Options_WhenTheirGroupsAreRead_AreEachListed()
    {
        TypeDef options = SourceAssemblies.All["EdgeProxy"].Find(Options, isReflectionName: true);
        string[] listed = [.. UseReader.Of(options)
            .Where(static use => use.Where.Contains("::get_Groups(", StringComparison.Ordinal))
            .Select(static use => use.Member)];
        Assert.NotEmpty(Settings(options));
        Assert.All(Settings(options), name => Assert.Contains("get_" + name, listed));
    }

    [Fact]
    public void Fence_WhenNobodyReadsAnOption_NamesIt()
    {
        ModuleDef withoutReaders = ModuleDefMD.Load(SourceAssemblies.All["EdgeProxy"].Location);
        withoutReaders.Types.Remove(withoutReaders.Find("EdgeProxy.OptionsMapping", isReflectionName: true));
        Assert.Contains("SpinMicros", Unread(withoutReaders));
    }

    /// <summary>The page of settings is generated from the options, so its names are theirs.</summary>
    [Fact]
    public void Names_WhenMentionedAnywhere_Exist()
    {
        HashSet<string> known = Names(Repository.Read("docs/reference/configuration.md")).Concat(s_others).ToHashSet(StringComparer.Ordinal);
        string[] unknown =
        [
            .. from file in Repository.Files
               where Path.GetExtension(file) is ".md" or ".cs" or ".sql" or ".service" or ".toml" or "" or ".sh"
               where !file.StartsWith("tests/EdgeProxy.Architecture.Tests/", StringComparison.Ordinal)
               from name in Names(Repository.Read(file))
               where !known.Contains(name)
               select $"{file}: {name}",
        ];
        Fence.Holds(unknown);
    }

    [Fact]
    public void Fence_WhenATextNamesASetting_FindsTheName() =>
        Assert.Equal(["EDGEPROXY_NO_SUCH"], Names("set `EDGEPROXY_NO_SUCH=1`; all of EDGEPROXY_* and EDGEPROXY_TLS_* are"));

    private static IEnumerable<string> Unread(ModuleDef program)
    {
        HashSet<string> read = program.Types
            .Where(static type => !s_setters.Contains(type.FullName, StringComparer.Ordinal))
            .SelectMany(UseReader.Of)
            .Where(static use => use.Type == Options)
            .Select(static use => use.Member)
            .ToHashSet(StringComparer.Ordinal);
        return Settings(program.Find(Options, isReflectionName: true))
            .Where(name => !s_readByTheLoader.Contains(name, StringComparer.Ordinal) && !read.Contains("get_" + name));
    }

    private static IEnumerable<string> Settings(TypeDef options) => options.Properties
        .Where(static property => property.PropertySig.RetType.ToTypeDefOrRef().ScopeType.Name.Contains("Setting"))
        .Select(static property => property.Name.String)
        .Where(static name => name is not ("All" or "Groups"));

    private static IEnumerable<string> Names(string text) =>
        Name().Matches(text).Select(static match => match.Value).Distinct(StringComparer.Ordinal);

    [GeneratedRegex("EDGEPROXY_[A-Z0-9_]*[A-Z0-9](?![A-Z0-9_*])")]
    private static partial Regex Name();
}
