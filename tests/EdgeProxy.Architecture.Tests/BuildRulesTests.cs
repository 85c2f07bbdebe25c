using System.Reflection;
using System.Xml.Linq;
using dnlib.DotNet;

namespace EdgeProxy.Architecture.Tests;

public sealed class BuildRulesTests
{
    private static IEnumerable<string> BuildFiles =>
        Repository.Files.Where(static file => Path.GetExtension(file) is ".csproj" or ".props" or ".targets");

    /// <summary>Banned symbols as the analyzer reads them, a documentation id and a reason each.</summary>
    private static (string Id, string Reason)[] Banned { get; } =
    [
        .. Repository.Read("BannedSymbols.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split(';', 2))
            .Select(static parts => (parts[0], parts.Length > 1 ? parts[1] : "")),
    ];

    [Fact]
    public void Warnings_WhenBuilding_AreErrorsInEveryProject()
    {
        XDocument props = XDocument.Parse(Repository.Read("Directory.Build.props"));
        Assert.Equal("true", Assert.Single(props.Descendants("TreatWarningsAsErrors")).Value);
        Assert.Equal("enable", Assert.Single(props.Descendants("Nullable")).Value);
        Fence.Holds(BuildFiles.SelectMany(static file => Softened(file, Repository.Read(file))));
    }

    [Fact]
    public void Fence_WhenAProjectSoftensTheRules_NamesIt() => Assert.Equal(
        ["x.csproj: TreatWarningsAsErrors", "x.csproj: NoWarn"],
        Softened("x.csproj", "<Project><A><TreatWarningsAsErrors>false</TreatWarningsAsErrors><NoWarn>CA1</NoWarn></A></Project>"));

    [Fact]
    public void Versions_WhenAPackageIsReferenced_AreCentral() => Fence.Holds(
        from file in BuildFiles
        from reference in XDocument.Parse(Repository.Read(file)).Descendants("PackageReference")
        where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
        select $"{file}: {reference.Attribute("Include")?.Value}");

    [Fact]
    public void Versions_WhenListedCentrally_AreEachUsed()
    {
        HashSet<string> used = BuildFiles
            .SelectMany(static file => XDocument.Parse(Repository.Read(file)).Descendants("PackageReference"))
            .Select(static reference => reference.Attribute("Include")!.Value)
            .Append("BenchmarkDotNet") // For bench/EdgeProxy.Benchmarks, which src already opens itself to.
            .ToHashSet(StringComparer.Ordinal);
        Fence.Holds(XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(static version => version.Attribute("Include")!.Value).Where(name => !used.Contains(name)));
    }

    [Fact]
    public void BannedSymbols_WhenBuilding_ReachTheAnalyzerInEveryProject()
    {
        XDocument props = XDocument.Parse(Repository.Read("Directory.Build.props"));
        string[] included = [.. props.Descendants().Select(static item => item.Attribute("Include")?.Value ?? "")];
        Assert.Contains("$(MSBuildThisFileDirectory)BannedSymbols.txt", included);
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", included);
        Assert.All(
            SilencingSections(Repository.Read(".editorconfig"), "RS0030"),
            static section => Assert.StartsWith("[tests/", section, StringComparison.Ordinal));
    }

    /// <summary>The analyzer says nothing about a line it cannot resolve: a typo would ban nothing.</summary>
    [Fact]
    public void BannedSymbols_WhenResolved_Exist()
    {
        Assert.NotEmpty(Banned);
        Assert.All(Banned, static symbol => Assert.True(Exists(symbol.Id), $"{symbol.Id} does not exist"));
        Assert.All(Banned, static symbol => Assert.NotEmpty(symbol.Reason));
        Assert.False(Exists("M:System.Threading.Thread.Slep(System.Int32)"));
    }

    /// <summary>The analyzer's own work done again on what was compiled, so that it cannot be off unnoticed.</summary>
    [Fact]
    public void BannedSymbols_WhenLookedForInTheProgram_AreNotUsed()
    {
        Forbidden banned = BannedCode();
        Fence.Holds(SourceAssemblies.All.Values.SelectMany(SourceAssemblies.Types).SelectMany(banned.FindIn));
    }

    [Fact]
    public void Fence_WhenBannedSymbolsAreUsed_NamesThem()
    {
        TypeDef offender = SourceAssemblies.Own.Find(typeof(Offender).FullName, isReflectionName: true);
        string[] found = [.. BannedCode().FindIn(offender)];
        Assert.Contains(found, static use => use.Contains("System.Threading.Thread::Sleep", StringComparison.Ordinal));
        Assert.Contains(found, static use => use.Contains("System.Random::get_Shared", StringComparison.Ordinal));
    }

    private static Forbidden BannedCode() => new("a banned symbol", [.. Banned.Select(static symbol => Plain(symbol.Id))]);

    private static IEnumerable<string> Softened(string file, string xml) =>
        from element in XDocument.Parse(xml).Descendants()
        let name = element.Name.LocalName
        where (name is "TreatWarningsAsErrors" && element.Value != "true")
            || name is "NoWarn" or "WarningsNotAsErrors" or "MSBuildWarningsAsMessages" or "NuGetAudit"
            || (name is "Nullable" && element.Value != "enable")
            || (name is "RunAnalyzers" or "EnforceCodeStyleInBuild" && element.Value != "true")
        select $"{file}: {name}";

    private static IEnumerable<string> SilencingSections(string editorConfig, string rule)
    {
        string section = "";
        foreach (string line in editorConfig.Split('\n'))
        {
            if (line.StartsWith('[')) { section = line; }
            if (line.StartsWith($"dotnet_diagnostic.{rule}.severity", StringComparison.Ordinal)) { yield return section; }
        }
    }

    /// <summary>"P:System.Random.Shared" as "System.Random::get_Shared".</summary>
    private static string Plain(string id)
    {
        (char kind, string type, string member) = Parts(id);
        return kind switch
        {
            'T' => type,
            'P' => $"{type}::get_{member}",
            _ => $"{type}::{member}",
        };
    }

    private static (char Kind, string Type, string Member) Parts(string id)
    {
        string name = id[2..].Split('(')[0];
        int dot = name.LastIndexOf('.');
        return id[0] == 'T' ? ('T', name, "") : (id[0], name[..dot], name[(dot + 1)..]);
    }

    private static bool Exists(string id)
    {
        (char kind, string typeName, string member) = Parts(id);
        Type? type = AppDomain.CurrentDomain.GetAssemblies()
            .Append(typeof(System.Net.Sockets.Socket).Assembly)
            .Select(assembly => assembly.GetType(typeName))
            .FirstOrDefault(static found => found is not null);
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance;
        return type is not null && (kind == 'T' || type.GetMember(member, Public).Length > 0);
    }
}
