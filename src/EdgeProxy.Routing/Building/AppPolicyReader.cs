using System.Globalization;

namespace EdgeProxy.Routing;

/// <summary>
/// Turns a row of <c>apps</c> into listeners and a policy, or into the first thing that is wrong with it.
/// </summary>
internal sealed class AppPolicyReader(AppRow row, RoutingDefaults defaults)
{
    private const double TimeoutSecsMax = 2_000_000; // 23 days: what fits the milliseconds of a timer.
    private const int ListenersMax = 64;

    private RowProblem? _problem;

    public IReadOnlyList<IpEndpoint> Listeners { get; private set; } = defaults.Listeners;

    public AppPolicy Policy { get; private set; } = defaults.Policy;

    public static RowProblem Problem(string row, string column, string? value, string problem, string cure) =>
        new("apps", ProblemList.Shown(row), column, ProblemList.Shown(value), problem, cure);

    /// <summary>Reads all columns; null when all are good.</summary>
    public RowProblem? Read()
    {
        AppPolicy usual = defaults.Policy;
        Listeners = ReadListeners();
        Policy = usual with
        {
            ConnectTimeoutMs = Milliseconds("connect_timeout_secs", row.ConnectTimeoutSecs, usual.ConnectTimeoutMs),
            ConnectAttempts = Whole("connect_attempts", row.ConnectAttempts, usual.ConnectAttempts, 1, AttemptHistory.Capacity),
            ConnectDeadlineMs = Milliseconds("connect_deadline_secs", row.ConnectDeadlineSecs, usual.ConnectDeadlineMs),
            IdleTimeoutMs = Milliseconds("idle_timeout_secs", row.IdleTimeoutSecs, usual.IdleTimeoutMs),
            HalfClosedTimeoutMs =
                Milliseconds("half_closed_timeout_secs", row.HalfClosedTimeoutSecs, usual.HalfClosedTimeoutMs),
            LifetimeMs = Milliseconds("lifetime_secs", row.LifetimeSecs, usual.LifetimeMs),
            ProxyProtocolIn = Word("proxy_protocol", row.ProxyProtocol, usual.ProxyProtocolIn, s_proxyIn),
            ProxyProtocolTrusted = ReadTrusted(usual.ProxyProtocolTrusted),
            ProxyHeaderTimeoutMs =
                Milliseconds("proxy_header_timeout_secs", row.ProxyHeaderTimeoutSecs, usual.ProxyHeaderTimeoutMs),
            ProxyProtocolOut = Word("send_proxy_protocol", row.SendProxyProtocol, usual.ProxyProtocolOut, s_proxyOut),
            ProxyTlvs = ReadTlvs(usual.ProxyTlvs),
            Affinity = Word("affinity", row.Affinity, usual.Affinity, s_affinity),
            AffinityBitsV4 = Whole("affinity_bits_v4", row.AffinityBitsV4, usual.AffinityBitsV4, 1, 32),
            AffinityBitsV6 = Whole("affinity_bits_v6", row.AffinityBitsV6, usual.AffinityBitsV6, 1, 128),
            BindingTtlSeconds =
                Milliseconds("binding_ttl_secs", row.BindingTtlSecs, usual.BindingTtlSeconds * 1_000) / 1_000,
            ResetUnserved = row.ResetUnserved ?? usual.ResetUnserved,
            FastOpenBackends = row.FastOpenBackends ?? usual.FastOpenBackends,
        };
        return _problem;
    }

    private static readonly (string Word, ProxyProtocolIn Value)[] s_proxyIn =
        [("off", ProxyProtocolIn.Off), ("optional", ProxyProtocolIn.Optional), ("required", ProxyProtocolIn.Required)];

    private static readonly (string Word, ProxyProtocolOut Value)[] s_proxyOut =
        [("off", ProxyProtocolOut.Off), ("v1", ProxyProtocolOut.V1), ("v2", ProxyProtocolOut.V2)];

    private static readonly (string Word, AffinityMode Value)[] s_affinity =
        [("prefer", AffinityMode.Prefer), ("require", AffinityMode.Require), ("none", AffinityMode.None)];

    private static readonly (string Word, ProxyTlvs Value)[] s_tlvs =
    [
        ("checksum", ProxyTlvs.Checksum), ("unique_id", ProxyTlvs.UniqueId), ("country", ProxyTlvs.Country),
        ("pop_region", ProxyTlvs.PopRegion),
    ];

    private IReadOnlyList<IpEndpoint> ReadListeners()
    {
        string[] texts = Items(row.Listen);
        if (texts.Length == 0) { return defaults.Listeners; }
        List<IpEndpoint> listeners = [];
        foreach (string text in texts)
        {
            if (!IpEndpoint.TryParse(text, out IpEndpoint endpoint) || listeners.Contains(endpoint))
            {
                Fault("listen", text, "is not a listen address, or is there twice", "write address:port as 0.0.0.0:8080 or [::]:8080");
                break;
            }

            listeners.Add(endpoint);
        }

        if (listeners.Count > ListenersMax) { Fault("listen", row.Listen, $"has over {ListenersMax} addresses", "list fewer"); }
        return listeners;
    }

    private PrefixSet ReadTrusted(PrefixSet usual)
    {
        if (row.ProxyProtocolTrusted is null) { return usual; }
        List<IpPrefix> blocks = [];
        foreach (string text in Items(row.ProxyProtocolTrusted))
        {
            if (!IpPrefix.TryParse(text, out IpPrefix block))
            {
                Fault("proxy_protocol_trusted", text, "is not a CIDR block", "write it as 10.0.0.0/8 or 2001:db8::/32");
                return usual;
            }

            blocks.Add(block);
        }

        return PrefixSet.From(blocks);
    }

    private ProxyTlvs ReadTlvs(ProxyTlvs usual)
    {
        if (row.ProxyTlvs is null) { return usual; }
        ProxyTlvs tlvs = ProxyTlvs.None;
        foreach (string text in Items(row.ProxyTlvs)) { tlvs |= Word("proxy_tlvs", text, ProxyTlvs.None, s_tlvs); }
        return tlvs;
    }

    private int Milliseconds(string column, double? secs, int usual)
    {
        if (secs is not { } given) { return usual; }
        if (given is >= 0 and <= TimeoutSecsMax) { return (int)Math.Ceiling(given * 1_000); }
        return Fault(
            column, given.ToString(CultureInfo.InvariantCulture), $"is not between 0 and {TimeoutSecsMax}",
            "give seconds; 0 turns it off", usual);
    }

    private int Whole(string column, long? value, int usual, int min, int max)
    {
        if (value is not { } given) { return usual; }
        if (given >= min && given <= max) { return (int)given; }
        return Fault(
            column, given.ToString(CultureInfo.InvariantCulture), $"is not between {min} and {max}",
            "give a whole number in that range", usual);
    }

    private T Word<T>(string column, string? word, T usual, (string Word, T Value)[] words)
    {
        if (word is null) { return usual; }
        foreach ((string known, T value) in words)
        {
            if (known == word) { return value; }
        }

        return Fault(
            column, word, "is not a known word", $"use {string.Join(" or ", Array.ConvertAll(words, static w => w.Word))}", usual);
    }

    private T Fault<T>(string column, string? value, string problem, string cure, T result)
    {
        Fault(column, value, problem, cure);
        return result;
    }

    private void Fault(string column, string? value, string problem, string cure) =>
        _problem ??= Problem(row.Name, column, value, problem, cure);

    private static string[] Items(string? list) => list is null
        ? []
        : list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
