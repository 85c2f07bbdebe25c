namespace EdgeProxy.Fuzz;

/// <summary>A parser under test: anything but a return is a finding.</summary>
/// <param name="input">Bytes an enemy may have chosen.</param>
public delegate void FuzzRun(ReadOnlySpan<byte> input);

/// <summary>One target and its corpus, <c>corpus/NAME/*</c>.</summary>
public sealed record FuzzTarget(string Name, FuzzRun Run)
{
    /// <summary>Every target there is; a new one is added here and gets its corpus directory.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new FuzzTarget("routing-db", RoutingDbTarget.Run),
    ];

    /// <summary>The corpus in the order of its file names.</summary>
    public IReadOnlyList<(string Name, byte[] Bytes)> ReadCorpus() =>
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "corpus", Name))
            .Order(StringComparer.Ordinal)
            .Select(static file => (Path.GetFileName(file), File.ReadAllBytes(file))),
    ];
}
