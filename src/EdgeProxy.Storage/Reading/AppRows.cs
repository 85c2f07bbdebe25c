using EdgeProxy.Routing;

namespace EdgeProxy.Storage;

/// <summary>
/// The table of apps; its name and listen columns must be there, every other that is missing counts as NULL.
/// </summary>
internal static class AppRows
{
    public static readonly SmallTable Apps = new(
        "apps", "name",
        [
            "name", "listen", "connect_timeout_secs", "connect_attempts", "connect_deadline_secs", "idle_timeout_secs",
            "half_closed_timeout_secs", "lifetime_secs", "proxy_protocol", "proxy_protocol_trusted",
            "proxy_header_timeout_secs", "send_proxy_protocol", "proxy_tlvs", "affinity", "affinity_bits_v4",
            "affinity_bits_v6", "binding_ttl_secs", "reset_unserved", "fast_open_backends",
        ],
        ["name", "listen"], StorageLimits.AppsMax,
        static (row, builder) =>
        {
            AppRow app = Read(row);
            if (row.Fault is null) { builder.AddApp(app); }
            else { builder.KeepApp(row.Key, row.Fault); }
        });

    private static AppRow Read(RowFields row) => new()
    {
        Name = row.Text("name") ?? "",
        Listen = row.Text("listen"),
        ConnectTimeoutSecs = row.Number("connect_timeout_secs"),
        ConnectAttempts = row.Whole("connect_attempts"),
        ConnectDeadlineSecs = row.Number("connect_deadline_secs"),
        IdleTimeoutSecs = row.Number("idle_timeout_secs"),
        HalfClosedTimeoutSecs = row.Number("half_closed_timeout_secs"),
        LifetimeSecs = row.Number("lifetime_secs"),
        ProxyProtocol = row.Text("proxy_protocol"),
        ProxyProtocolTrusted = row.Text("proxy_protocol_trusted"),
        ProxyHeaderTimeoutSecs = row.Number("proxy_header_timeout_secs"),
        SendProxyProtocol = row.Text("send_proxy_protocol"),
        ProxyTlvs = row.Text("proxy_tlvs"),
        Affinity = row.Text("affinity"),
        AffinityBitsV4 = row.Whole("affinity_bits_v4"),
        AffinityBitsV6 = row.Whole("affinity_bits_v6"),
        BindingTtlSecs = row.Number("binding_ttl_secs"),
        ResetUnserved = row.Flag("reset_unserved"),
        FastOpenBackends = row.Flag("fast_open_backends"),
    };
}
