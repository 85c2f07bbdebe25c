namespace EdgeProxy.Storage;

/// <summary>
/// The tables of a routing.db this program makes. <c>backends</c> keeps the original's columns; in <c>apps</c> every
/// NULL means the option's value. Not STRICT, so that an SQLite of before 2021 can still edit the file: the types are
/// part of the checks instead (a text is greater than any number, so a bare "&gt; 0" would let it pass).
/// </summary>
internal static class SchemaSql
{
    /// <summary>
    /// Which migrations a file has seen. The file may be somebody else's, so its user_version is left alone.
    /// </summary>
    public const string Versions = """
        CREATE TABLE IF NOT EXISTS edgeproxy_schema (
            version    INTEGER PRIMARY KEY NOT NULL,
            applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
        )
        """;

    public const string Backends = """
        CREATE TABLE backends (
            id         TEXT PRIMARY KEY NOT NULL CHECK (typeof(id) = 'text' AND length(id) BETWEEN 1 AND 255),
            app        TEXT NOT NULL DEFAULT 'default' CHECK (length(app) BETWEEN 1 AND 64),
            region     TEXT NOT NULL CHECK (length(region) BETWEEN 1 AND 64),
            country    TEXT CHECK (country GLOB '[A-Za-z][A-Za-z]'),
            wg_ip      TEXT NOT NULL CHECK (length(wg_ip) BETWEEN 2 AND 45 AND (wg_ip LIKE '%.%' OR wg_ip LIKE '%:%')),
            port       INTEGER NOT NULL CHECK (typeof(port) = 'integer' AND port BETWEEN 1 AND 65535),
            healthy    INTEGER NOT NULL DEFAULT 1 CHECK (healthy IN (0, 1)),
            weight     INTEGER NOT NULL DEFAULT 2
                       CHECK (typeof(weight) = 'integer' AND weight BETWEEN 0 AND 65535),
            soft_limit INTEGER NOT NULL DEFAULT 100
                       CHECK (typeof(soft_limit) = 'integer' AND soft_limit BETWEEN 0 AND 2147483647),
            hard_limit INTEGER NOT NULL DEFAULT 150
                       CHECK (typeof(hard_limit) = 'integer' AND hard_limit BETWEEN 0 AND 2147483647),
            deleted    INTEGER DEFAULT 0 CHECK (deleted IN (0, 1))
        )
        """;

    public const string Apps = """
        CREATE TABLE apps (
            name TEXT PRIMARY KEY NOT NULL CHECK (typeof(name) = 'text' AND length(name) BETWEEN 1 AND 64),

            -- comma-separated: '0.0.0.0:8080, [::]:8080'; NULL is where the options say
            listen TEXT CHECK (length(listen) > 0),

            -- seconds, fractions allowed; where 0 is allowed it is off
            connect_timeout_secs REAL
                CHECK (typeof(connect_timeout_secs) IN ('real', 'null') AND connect_timeout_secs > 0),
            connect_attempts INTEGER
                CHECK (typeof(connect_attempts) IN ('integer', 'null') AND connect_attempts BETWEEN 1 AND 8),
            connect_deadline_secs REAL
                CHECK (typeof(connect_deadline_secs) IN ('real', 'null') AND connect_deadline_secs > 0),
            idle_timeout_secs REAL
                CHECK (typeof(idle_timeout_secs) IN ('real', 'null') AND idle_timeout_secs >= 0),
            half_closed_timeout_secs REAL
                CHECK (typeof(half_closed_timeout_secs) IN ('real', 'null') AND half_closed_timeout_secs >= 0),
            lifetime_secs REAL
                CHECK (typeof(lifetime_secs) IN ('real', 'null') AND lifetime_secs >= 0),

            -- trusted: comma-separated CIDR blocks; tlvs: of checksum, unique_id, country, pop_region
            proxy_protocol TEXT CHECK (proxy_protocol IN ('off', 'optional', 'required')),
            proxy_protocol_trusted TEXT CHECK (typeof(proxy_protocol_trusted) IN ('text', 'null')),
            proxy_header_timeout_secs REAL
                CHECK (typeof(proxy_header_timeout_secs) IN ('real', 'null') AND proxy_header_timeout_secs > 0),
            send_proxy_protocol TEXT CHECK (send_proxy_protocol IN ('off', 'v1', 'v2')),
            proxy_tlvs TEXT CHECK (typeof(proxy_tlvs) IN ('text', 'null')),

            affinity TEXT CHECK (affinity IN ('prefer', 'require', 'none')),
            affinity_bits_v4 INTEGER
                CHECK (typeof(affinity_bits_v4) IN ('integer', 'null') AND affinity_bits_v4 BETWEEN 1 AND 32),
            affinity_bits_v6 INTEGER
                CHECK (typeof(affinity_bits_v6) IN ('integer', 'null') AND affinity_bits_v6 BETWEEN 1 AND 128),
            binding_ttl_secs REAL
                CHECK (typeof(binding_ttl_secs) IN ('real', 'null') AND binding_ttl_secs >= 0),

            reset_unserved INTEGER CHECK (reset_unserved IN (0, 1)),
            fast_open_backends INTEGER CHECK (fast_open_backends IN (0, 1))
        )
        """;

    public const string Regions = """
        CREATE TABLE regions (
            name    TEXT PRIMARY KEY NOT NULL CHECK (typeof(name) = 'text' AND length(name) BETWEEN 1 AND 64),
            country TEXT CHECK (country GLOB '[A-Za-z][A-Za-z]') -- of a backend that names only this region
        )
        """;

    public const string Countries = """
        CREATE TABLE countries (
            country TEXT PRIMARY KEY NOT NULL CHECK (country GLOB '[A-Z][A-Z]'),
            region  TEXT NOT NULL REFERENCES regions (name) ON UPDATE CASCADE
        )
        """;

    public const string Overrides = """
        CREATE TABLE overrides (
            prefix  TEXT PRIMARY KEY NOT NULL CHECK (typeof(prefix) = 'text' AND length(prefix) BETWEEN 2 AND 49),
            country TEXT CHECK (country GLOB '[A-Za-z][A-Za-z]'),
            region  TEXT REFERENCES regions (name) ON UPDATE CASCADE,
            CHECK (country IS NOT NULL OR region IS NOT NULL)
        )
        """;

    /// <summary>
    /// Weights to go back to, by backend id; a table of its own, since backends may be somebody else's.
    /// </summary>
    public const string DrainedBackends = """
        CREATE TABLE drained_backends (
            id     TEXT PRIMARY KEY NOT NULL,
            weight INTEGER NOT NULL
        )
        """;

    public const string Peers = """
        CREATE TABLE peers (
            name       TEXT PRIMARY KEY NOT NULL CHECK (typeof(name) = 'text' AND length(name) BETWEEN 1 AND 64),
            region     TEXT CHECK (length(region) BETWEEN 1 AND 64),
            public_key TEXT NOT NULL UNIQUE
                       CHECK (typeof(public_key) = 'text' AND length(public_key) = 44 AND public_key LIKE '%='),

            -- '203.0.113.7:51820', '[2001:db8::7]:51820' or 'name:51820'; NULL for a peer that calls this host
            endpoint TEXT CHECK (endpoint LIKE '%_:_%'),

            -- comma-separated CIDR blocks: '10.50.1.0/24, fd00:50:1::/48'
            allowed_ips TEXT CHECK (typeof(allowed_ips) IN ('text', 'null')),

            -- a file only its owner can read, on the host that reads this table
            preshared_key_file TEXT CHECK (typeof(preshared_key_file) IN ('text', 'null')),

            keepalive INTEGER CHECK (typeof(keepalive) IN ('integer', 'null') AND keepalive BETWEEN 0 AND 65535),
            enabled   INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1))
        )
        """;
}
