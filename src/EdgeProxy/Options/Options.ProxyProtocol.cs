using EdgeProxy.Routing;

namespace EdgeProxy;

internal sealed partial class Options
{
    public ChoiceSetting<ProxyProtocolIn> ProxyProtocol { get; } = new("PROXY_PROTOCOL", "off",
        ["off", "optional", "required"], [ProxyProtocolIn.Off, ProxyProtocolIn.Optional, ProxyProtocolIn.Required],
        "Whether clients of PROXY_PROTOCOL_TRUSTED may or must announce the real client by a PROXY header, version 1 or 2.");

    public PrefixListSetting ProxyProtocolTrusted { get; } = new("PROXY_PROTOCOL_TRUSTED", "",
        "Who is believed when it sends a PROXY header.")
    {
        DefaultMeans = "nobody",
    };

    public DurationSetting ProxyHeaderTimeoutSecs { get; } = new("PROXY_HEADER_TIMEOUT_SECS", "3", 0.01, 600,
        "Time for a whole PROXY header to arrive.");

    public ChoiceSetting<ProxyProtocolOut> SendProxyProtocol { get; } = new("SEND_PROXY_PROTOCOL", "off",
        ["off", "v1", "v2"], [ProxyProtocolOut.Off, ProxyProtocolOut.V1, ProxyProtocolOut.V2],
        "Which PROXY header backends are sent, so that they know the client.");

    public WordListSetting ProxyTlvs { get; } = new("PROXY_TLVS", "",
        ["checksum", "unique_id", "country", "pop_region"],
        [
            (int)Routing.ProxyTlvs.Checksum, (int)Routing.ProxyTlvs.UniqueId,
            (int)Routing.ProxyTlvs.Country, (int)Routing.ProxyTlvs.PopRegion,
        ],
        "Optional fields of a version 2 header: CRC32C, a connection number, the client's country, this POP's region.")
    {
        DefaultMeans = "none",
    };
}
