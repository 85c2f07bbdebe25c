using EdgeProxy.Routing;

namespace EdgeProxy;

internal sealed partial class Options
{
    public TextSetting DbPath { get; } = new("DB_PATH", "routing.db", "path of a SQLite file",
        "The routing table: backends, apps, regions. Followed live.")
    {
        Check = static path => path.Length == 0
            ? new ValueProblem("is empty", "Give the path of the routing table, such as routing.db.")
            : null,
    };

    public DurationSetting DbReloadSecs { get; } = new("DB_RELOAD_SECS", "5", 0.05, 3600,
        "How often the routing table is looked at even when no change was noticed.");

    public TextSetting StateDir { get; } = new("STATE_DIR", "", "path of a directory",
        "Where the last good copy of the routing table is kept, for a start when the table cannot be read.")
    {
        DefaultMeans = "the directory of DB_PATH",
    };

    public TextSetting Region { get; } = new("REGION", "sa", "name of a region",
        "The region this POP is in: used for clients whose country is unknown, and for backends close to the POP.")
    {
        Check = CheckRegion,
    };

    public TextSetting GeoipPath { get; } = new("GEOIP_PATH", "", "path of an MMDB file",
        "Country database (GeoLite2, GeoIP2, DB-IP, IPinfo). Replaced live when the file changes.")
    {
        DefaultMeans = "the embedded country table",
    };

    public SwitchSetting AllowReservedBackends { get; } = new("ALLOW_RESERVED_BACKENDS", "false",
        "Lets backends point at link-local, multicast, unspecified and cloud metadata addresses and at the proxy's own sockets.");

    public ChoiceSetting<AffinityMode> Affinity { get; } = new("AFFINITY", "prefer",
        ["prefer", "require", "none"], [AffinityMode.Prefer, AffinityMode.Require, AffinityMode.None],
        "`prefer` keeps a client on its backend while that can take it, `require` closes the client instead of moving "
        + "it, `none` chooses anew each time.");

    public IntegerSetting AffinityBitsV4 { get; } = new("AFFINITY_BITS_V4", "32", 1, 32, "bits",
        "How much of an IPv4 address makes one client: 32 is the exact address, 24 a whole /24.");

    public IntegerSetting AffinityBitsV6 { get; } = new("AFFINITY_BITS_V6", "128", 1, 128, "bits",
        "How much of an IPv6 address makes one client: 128 is the exact address, 56 a usual household.");

    public DurationSetting BindingTtlSecs { get; } = new("BINDING_TTL_SECS", "600", 1, DurationSetting.SecondsMax,
        "How long a client's binding outlives its last connection; rounded up to whole seconds.");

    public DurationSetting BindingGcIntervalSecs { get; } = new("BINDING_GC_INTERVAL_SECS", "60", 0.1, 86_400,
        "How often all bindings have been looked through for expired ones.");

    public IntegerSetting BindingsMax { get; } = new("BINDINGS_MAX", "1000000", 1024, 100_000_000, "bindings",
        "Most bindings kept; beyond it the longest unused of 16 or more neighbours gives way. 45 to 75 bytes each, resident only once used.");

    private static ValueProblem? CheckRegion(string name) => name.Length is > 0 and <= 32 && IsPlainName(name)
        ? null
        : new ValueProblem("is no name of a region", "Give 1 to 32 letters, digits, - or _, such as sa, us, eu or ap.");
}
