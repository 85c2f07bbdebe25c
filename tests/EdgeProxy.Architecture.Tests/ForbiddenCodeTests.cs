using dnlib.DotNet;

namespace EdgeProxy.Architecture.Tests;

public sealed class ForbiddenCodeTests
{
    /// <summary>
    /// See their plain words as buckets or lanes and find where a cache line begins: no pointer is kept or followed.
    /// </summary>
    private static readonly string[] s_wordsInCacheLines =
    [
        "EdgeProxy.Routing.BindingTable", "EdgeProxy.Routing.GroupEntries", "EdgeProxy.Routing.SelectionIndex",
    ];

    // The declarations of SQLite and the three types that hold its handles.
    private static readonly string[] s_sqlite =
        [.. Repository.Under("src/EdgeProxy.Storage/Sqlite/", ".cs").Select(static path => Path.GetFileNameWithoutExtension(path))];

    [Fact]
    public void Routing_WhenRead_TouchesNoClockFileSocketOrLog() => Fence.Holds(Find("EdgeProxy.Routing",
        Forbidden.Clocks, Forbidden.Files, Forbidden.Sockets, Forbidden.Logs, Forbidden.Chance, Forbidden.Async));

    [Fact]
    public void Telemetry_WhenRead_TouchesNoClockFileSocketOrLog() => Fence.Holds(Find("EdgeProxy.Telemetry",
        Forbidden.Clocks, Forbidden.Files, Forbidden.Sockets, Forbidden.Logs, Forbidden.Chance, Forbidden.Async));

    [Fact]
    public void WireGuard_WhenRead_TouchesNoClockFileSocketOrLog() => Fence.Holds(Find("EdgeProxy.WireGuard",
        Forbidden.Clocks, Forbidden.Files, Forbidden.Sockets, Forbidden.Logs, Forbidden.Chance, Forbidden.Async,
        Forbidden.Linq));

    [Fact]
    public void Crypto_WhenRead_TouchesNoClockFileSocketOrLog() => Fence.Holds(Find("EdgeProxy.Crypto",
        Forbidden.Clocks, Forbidden.Files, Forbidden.Sockets, Forbidden.Logs, Forbidden.Chance, Forbidden.Async,
        Forbidden.Locks));

    [Fact]
    public void DataPlane_WhenRead_UsesNoAsyncLockLinqOrSqlite() => Fence.Holds(Find("EdgeProxy.DataPlane",
        Forbidden.Async, Forbidden.Linq, Forbidden.Sqlite, Forbidden.WebServer, Forbidden.Sockets, Forbidden.Files,
        Forbidden.Logs));

    /// <summary>
    /// A tunnel is asked and changed by any thread of the slow side; its workers never see those two.
    /// </summary>
    [Fact]
    public void DataPlane_WhenRead_LocksWhereATunnelIsChangedOnly() => Fence.Holds(
        from type in SourceAssemblies.Types(SourceAssemblies.All["EdgeProxy.DataPlane"])
        where type.FullName is not ("EdgeProxy.DataPlane.TunnelEngine" or "EdgeProxy.DataPlane.KernelTunnel")
        from use in Forbidden.Locks.FindIn(type)
        select use);

    [Fact]
    public void Storage_WhenRead_UsesNoSocket() => Fence.Holds(Find("EdgeProxy.Storage", Forbidden.Sockets, Forbidden.WebServer));

    [Fact]
    public void Linux_WhenRead_UsesNoSocketOfTheFrameworkAndNoAsync() =>
        Fence.Holds(Find("EdgeProxy.Linux", Forbidden.Sockets, Forbidden.Async, Forbidden.Linq));

    [Fact]
    public void UnsafeCode_WhenLookedFor_IsInLinuxCryptoAndTheSqliteDeclarationsOnly()
    {
        IEnumerable<string> found =
            from module in SourceAssemblies.All
            where module.Key is not ("EdgeProxy.Linux" or "EdgeProxy.Crypto")
            from type in SourceAssemblies.Types(module.Value)
            where module.Key != "EdgeProxy.Storage" || !s_sqlite.Contains(type.Name.String, StringComparer.Ordinal)
            where !s_wordsInCacheLines.Contains(type.FullName, StringComparer.Ordinal)
            from use in Forbidden.UnsafeCode.FindIn(type)
            select use;
        Fence.Holds(found);
    }

    [Fact]
    public void UnsafeBlocks_WhenLookedForInProjectFiles_AreAllowedInCryptoAndStorage() =>
        Assert.Equal(["EdgeProxy.Crypto", "EdgeProxy.Storage"],
            ProjectFile.Sources.Where(static p => p.IsUnsafe).Select(static p => p.Name));

    public static TheoryData<string, string> Offences => new()
    {
        { nameof(Forbidden.Clocks), nameof(Offender.Clock) },
        { nameof(Forbidden.Files), nameof(Offender.FileTouched) },
        { nameof(Forbidden.Sockets), nameof(Offender.SocketTouched) },
        { nameof(Forbidden.Logs), nameof(Offender.Log) },
        { nameof(Forbidden.Chance), nameof(Offender.Chance) },
        { nameof(Forbidden.Async), nameof(Offender.Async) },
        { nameof(Forbidden.Locks), nameof(Offender.Locked) },
        { nameof(Forbidden.Linq), nameof(Offender.Linq) },
        { nameof(Forbidden.UnsafeCode), nameof(Offender.Pointer) },
        { nameof(Forbidden.UnsafeCode), nameof(Offender.NativeCode) },
    };

    [Theory]
    [MemberData(nameof(Offences))]
    public void Fence_WhenCodeOffends_NamesTheMethod(string rule, string method)
    {
        var forbidden = (Forbidden)typeof(Forbidden).GetProperty(rule)!.GetValue(null)!;
        TypeDef offender = SourceAssemblies.Own.Find(typeof(Offender).FullName, isReflectionName: true);
        Assert.Contains(forbidden.FindIn(offender), found => found.Contains($"::{method}(", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Find(string project, params Forbidden[] rules) =>
        from type in SourceAssemblies.Types(SourceAssemblies.All[project])
        from rule in rules
        from use in rule.FindIn(type)
        select use;
}
