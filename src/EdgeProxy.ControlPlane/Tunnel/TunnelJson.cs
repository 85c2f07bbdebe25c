using System.Text.Json;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>The tunnel as `status` and `/ready` show it.</summary>
internal static class TunnelJson
{
    /// <summary>Peers listed; the metrics have more, and `edgeproxy wg show` has all.</summary>
    public const int PeersMax = 100;

    private const double NsPerSecond = 1e9;

    /// <param name="json">In an object.</param>
    /// <param name="tunnel">Null while the backhaul is off.</param>
    /// <param name="peers">The rows, for names and regions.</param>
    /// <param name="nowUnixNs">The clock handshakes are noted by.</param>
    public static void Write(Utf8JsonWriter json, TunnelSources? tunnel, PeerTable peers, long nowUnixNs)
    {
        json.WriteStartObject("tunnel"u8);
        json.WriteString("state"u8, tunnel is null ? "off"u8 : tunnel.Device is null ? "failed"u8 : "up"u8);
        if (tunnel?.Problem is { } problem) { json.WriteString("problem"u8, problem); }
        if (tunnel?.Device is { } device) { WriteDevice(json, tunnel, device.Measure(), peers, nowUnixNs); }
        json.WriteEndObject();
    }

    private static void WriteDevice(
        Utf8JsonWriter json, TunnelSources tunnel, TunnelFigures figures, PeerTable peers, long nowUnixNs)
    {
        json.WriteString("engine"u8, tunnel.Engine);
        json.WriteString("interface"u8, tunnel.Name);
        json.WriteString("public_key"u8, figures.PublicKey?.ToString());
        if (figures.NextPublicKey is { } next) { json.WriteString("next_public_key"u8, next.ToString()); }
        json.WriteNumber("listen_port"u8, figures.ListenPort);
        json.WriteNumber("peers_total"u8, figures.Peers.Count);
        json.WriteStartArray("peers"u8);
        for (int i = 0; i < Math.Min(figures.Peers.Count, PeersMax); i++)
        {
            TunnelPeerFigures peer = figures.Peers[i];
            TunnelPeer? row = peers.Find(peer.PublicKey);
            json.WriteStartObject();
            json.WriteString("name"u8, row?.Name);
            json.WriteString("region"u8, row?.Region);
            json.WriteString("public_key"u8, peer.PublicKey.ToString());
            json.WriteString("endpoint"u8, peer.Endpoint?.ToString());
            json.WritePropertyName("handshake_age_secs"u8);
            if (peer.HandshakeUnixNs == 0) { json.WriteNullValue(); }
            else { json.WriteNumberValue(Math.Round(Math.Max(0, nowUnixNs - peer.HandshakeUnixNs) / NsPerSecond, 3)); }
            json.WriteNumber("received_bytes"u8, peer.ReceivedBytes);
            json.WriteNumber("sent_bytes"u8, peer.SentBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
