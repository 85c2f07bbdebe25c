namespace EdgeProxy;

/// <summary>
/// A feature whose variables are known by name while this version does not serve it. Asking for it is an error at
/// start, never silence; saying that it is off, or naming a default, asks for nothing and is fine.
/// </summary>
internal sealed class LaterFeature(string name, string switchName, string[] defaults)
{
    /// <summary>For messages: "TLS".</summary>
    public string Name { get; } = name;

    /// <summary>The variable that turns it on, or the feature has none ("").</summary>
    public string Switch { get; } = switchName;

    /// <summary>Its other variables and their defaults, each "VARIABLE=default".</summary>
    public string[] Defaults { get; } = defaults;

    public static IReadOnlyList<LaterFeature> All { get; } =
    [
        new("TLS", "TLS_ENABLED", ["TLS_LISTEN_ADDR=0.0.0.0:8443", "TLS_CERT=", "TLS_KEY="]),
        new("the registration API", "API_ENABLED", ["API_LISTEN_ADDR=127.0.0.1:8081", "HEARTBEAT_TTL_SECS=60"]),
        new("DNS", "DNS_ENABLED", ["DNS_LISTEN_ADDR=0.0.0.0:5353", "DNS_DOMAIN=internal"]),
        new("rate limiting", "RATE_LIMIT_ENABLED",
            ["RATE_LIMIT_MAX_REQUESTS=100", "RATE_LIMIT_WINDOW_SECS=1", "RATE_LIMIT_BURST=10"]),
        new("the circuit breaker", "CIRCUIT_BREAKER_ENABLED",
        [
            "CIRCUIT_FAILURE_THRESHOLD=5", "CIRCUIT_SUCCESS_THRESHOLD=3", "CIRCUIT_TIMEOUT_SECS=30",
        ]),
        new("active health checks", "HEALTH_CHECK_ENABLED",
        [
            "HEALTH_CHECK_INTERVAL_SECS=5", "HEALTH_CHECK_TIMEOUT_SECS=2", "HEALTH_CHECK_TYPE=tcp",
            "HEALTH_CHECK_PATH=/health", "HEALTH_HEALTHY_THRESHOLD=2", "HEALTH_UNHEALTHY_THRESHOLD=3",
        ]),
        new("connecting ahead of need", "POOL_ENABLED",
        [
            "POOL_MAX_PER_BACKEND=10", "POOL_IDLE_TIMEOUT_SECS=60", "POOL_MAX_LIFETIME_SECS=300",
            "POOL_CONNECT_TIMEOUT_SECS=5",
        ]),
        new("watching the configuration file", "CONFIG_WATCH_ENABLED", ["CONFIG_WATCH_INTERVAL_SECS=5"]),
        new("PostgreSQL", "POSTGRES_ENABLED",
        [
            "POSTGRES_URL=", "POSTGRES_MAX_CONNECTIONS=10", "POSTGRES_MIN_CONNECTIONS=2",
            "POSTGRES_CONNECT_TIMEOUT_SECS=5", "POSTGRES_QUERY_TIMEOUT_SECS=10", "POSTGRES_RELOAD_SECS=5",
        ]),
        new("replication", "REPLICATION_ENABLED",
        [
            "REPLICATION_NODE_ID=", "REPLICATION_CLUSTER_NAME=edgeproxy", "REPLICATION_BOOTSTRAP_PEERS=",
            "REPLICATION_GOSSIP_ADDR=0.0.0.0:4001", "REPLICATION_TRANSPORT_ADDR=0.0.0.0:4002",
            "REPLICATION_DB_PATH=state.db", "REPLICATION_GOSSIP_INTERVAL_MS=1000",
            "REPLICATION_SYNC_INTERVAL_MS=5000",
        ]),
    ];

    /// <summary>The feature a variable (without its prefix) belongs to, or null.</summary>
    public static LaterFeature? Of(string variable)
    {
        foreach (LaterFeature feature in All)
        {
            if (feature.Switch == variable || feature.IndexOf(variable) >= 0) { return feature; }
        }

        return null;
    }

    /// <summary>What is wrong with setting this variable, or null when it asks for nothing.</summary>
    /// <param name="variable">Without its prefix.</param>
    /// <param name="value">As it was given.</param>
    /// <param name="place">For the message.</param>
    /// <param name="switchValue">What the feature's switch was set to, or null.</param>
    public SettingProblem? Judge(string variable, string value, string place, string? switchValue)
    {
        bool switchedOff = switchValue is not null && SwitchSetting.TryParse(switchValue.Trim(), out bool on) && !on;
        if (switchedOff) { return null; }
        if (variable == Switch)
        {
            bool isWord = SwitchSetting.TryParse(value.Trim(), out bool _);
            return new SettingProblem(place, isWord ? $"this version does not serve {Name} yet" : $"'{value}' is neither on nor off",
                $"Set {Setting.EnvironmentPrefix}{Switch}=false or remove it.");
        }

        return Defaults[IndexOf(variable)][(variable.Length + 1)..] == value.Trim()
            ? null
            : new SettingProblem(place, $"this version does not serve {Name} yet, so '{value}' would have no effect",
                $"Remove it, or say {Setting.EnvironmentPrefix}{Switch}=false.");
    }

    /// <summary>The variable of one of <see cref="Defaults"/>.</summary>
    public static string VariableOf(string setting) => setting[..setting.IndexOf('=')];

    private int IndexOf(string variable) => Array.FindIndex(Defaults, setting => VariableOf(setting) == variable);
}
