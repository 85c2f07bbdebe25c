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
        new FuzzTarget("routing-db", RoutingDbTarget.Run) { MayEndTheProcess = true },
        new FuzzTarget("mmdb", MmdbTarget.Run),
        new FuzzTarget("geo-blob", GeoBlobTarget.Run),
        new FuzzTarget("proxy-header", ProxyHeaderTarget.Run),
        new FuzzTarget("settings", SettingsTarget.Run) { MayEndTheProcess = true },
        new FuzzTarget("http-head", HttpHeadTarget.Run),
        new FuzzTarget("admin-request", AdminRequestTarget.Run),
        new FuzzTarget("wireguard-initiation", WireGuardTarget.RunInitiation),
        new FuzzTarget("wireguard-response", WireGuardTarget.RunResponse),
        new FuzzTarget("wireguard-cookie", WireGuardTarget.RunCookie),
        new FuzzTarget("wireguard-data", WireGuardTarget.RunData),
        new FuzzTarget("wireguard-inner", WireGuardTarget.RunInner),
        new FuzzTarget("uapi", UapiTarget.Run),
        new FuzzTarget("wg-quick", WgQuickTarget.Run),
        new FuzzTarget("tunnel-packet", TunnelPacketTarget.Run),
    ];

    /// <summary>Native code or a foreign parser is behind it, which may fail by more than an exception.</summary>
    public bool MayEndTheProcess { get; init; }

    /// <summary>The corpus in the order of its file names.</summary>
    public IReadOnlyList<(string Name, byte[] Bytes)> ReadCorpus() =>
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "corpus", Name))
            .Order(StringComparer.Ordinal)
            .Select(static file => (Path.GetFileName(file), File.ReadAllBytes(file))),
    ];

    /// <summary>Adds an input to the corpus of the source tree, so that the tests run it from now on.</summary>
    /// <returns>Its path.</returns>
    public string Keep(byte[] input, string name)
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "EdgeProxy.slnx")))
        {
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("EdgeProxy.slnx is in no directory above");
        }

        string path = Path.Combine(root, "tests", "Fuzz", "corpus", Name, name);
        File.WriteAllBytes(path, input);
        return path;
    }
}
